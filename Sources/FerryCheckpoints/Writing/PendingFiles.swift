import CFiles
import Synchronization

/// This process's unfinished temporaries, which a process that ends early removes.
package enum PendingFiles {
  /// A destination, independent of the spelling of its path.
  private struct Place: Hashable {
    let folder: FolderHandle.Identity
    let name: FileName

    init(_ destination: Destination) {
      (folder, name) = (destination.folder.identity, destination.name)
    }
  }

  private struct Pending {
    let temporary: Temporary
    /// The slot in ``CFiles``, for processes that crash.
    var slot: Int32
  }

  private struct State {
    var places: [Place: Pending] = [:]
    /// Whether everything has been taken away, and nothing may be begun or finished any more.
    var isClosed = false
  }

  private static let state = Mutex(State())

  /// Creates the temporary of `destination` and removes abandoned ones beside it. Throws if `destination` is already
  /// being written.
  static func begin(
    _ kind: Destination.Kind, for destination: Destination
  ) throws(CheckpointError) -> Temporary {
    Temporary.removeStale(in: destination.folder)
    return try state.withLock { (state) throws(CheckpointError) in
      // Entered after taking the lock, so that no thread waits for the lock inside a section.
      ferry_section_enter()
      defer { ferry_section_leave() }
      try check(state, destination)
      let place = Place(destination)
      guard state.places[place] == nil else {
        throw CheckpointError(
          .exists, file: destination.path,
          "is being written already; name another file for each result")
      }
      let temporary = try Temporary(kind, for: destination)
      state.places[place] = Pending(temporary: temporary, slot: slot(of: temporary))
      return temporary
    }
  }

  /// Removes the temporary of `destination` if it still exists.
  static func discard(_ destination: Destination) {
    state.withLock { state in
      guard let pending = state.places.removeValue(forKey: Place(destination)) else { return }
      ferry_temporary_unregister(pending.slot)
      pending.temporary.remove()
    }
  }

  /// Unregisters the temporary of `destination`, which is no longer to be removed.
  static func forget(_ destination: Destination) {
    state.withLock { state in
      guard let pending = state.places.removeValue(forKey: Place(destination)) else { return }
      ferry_temporary_unregister(pending.slot)
    }
  }

  /// Runs `body`, which gives the temporary of `destination` its final name. An interruption waits until that is done,
  /// so that it never finds the old result moved away and the new one not yet in place; a crash leaves both.
  ///
  /// - Parameter body: Returns whether the temporary's name now stands for what was replaced, which ``discard(_:)``
  ///   removes.
  static func complete(
    _ destination: Destination, _ body: () throws(CheckpointError) -> Bool
  ) throws(CheckpointError) {
    try state.withLock { (state) throws(CheckpointError) in
      ferry_section_enter()
      defer { ferry_section_leave() }
      try check(state, destination)
      let place = Place(destination)
      guard var pending = state.places[place] else { preconditionFailure("it was begun") }
      ferry_temporary_unregister(pending.slot)
      var leavesRemains = true
      defer {
        pending.slot = leavesRemains ? slot(of: pending.temporary) : -1
        state.places[place] = leavesRemains ? pending : nil
      }
      leavesRemains = try body()
      ferry_results_count()
    }
  }

  /// Removes all unfinished results from disk; attempts to create or finish one after that fail. For a thread that
  /// handles signals, not for a signal handler: it takes a lock and allocates.
  package static func removeAll() {
    state.withLock { state in
      for pending in state.places.values {
        ferry_temporary_unregister(pending.slot)
        pending.temporary.remove()
      }
      state = State(isClosed: true)
    }
  }

  private static func slot(of temporary: Temporary) -> Int32 {
    ferry_temporary_register(temporary.folder.descriptor, temporary.name.bytes)
  }

  private static func check(_ state: State, _ destination: Destination) throws(CheckpointError) {
    guard state.isClosed else { return }
    throw CheckpointError(.unwritable, file: destination.path, "interrupted; run it again")
  }
}
