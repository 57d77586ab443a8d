import CFiles
import Synchronization

/// The temporaries of this process that are not finished yet, so that a process that ends early can take them away.
package enum PendingFiles {
  /// A destination, however its path is spelled.
  private struct Place: Hashable {
    let folder: FolderHandle.Identity
    let name: FileName

    init(_ destination: Destination) {
      (folder, name) = (destination.folder.identity, destination.name)
    }
  }

  private struct Pending {
    let temporary: Temporary
    /// Where ``CFiles`` knows it, for processes that crash.
    var slot: Int32
  }

  private struct State {
    var places: [Place: Pending] = [:]
    /// Whether everything has been taken away, and nothing may be begun or finished any more.
    var isClosed = false
  }

  private static let state = Mutex(State())

  /// Makes the temporary of `destination`, and removes those that dead processes left beside it. Throws where
  /// `destination` is being written already.
  static func begin(
    _ kind: Destination.Kind, for destination: Destination
  ) throws(CheckpointError) -> Temporary {
    Temporary.removeStale(in: destination.folder)
    return try state.withLock { (state) throws(CheckpointError) in
      // Within the lock, so that nobody waits for it in a section.
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

  /// Removes what was begun for `destination`, if it is still there.
  static func discard(_ destination: Destination) {
    state.withLock { state in
      guard let pending = state.places.removeValue(forKey: Place(destination)) else { return }
      ferry_temporary_unregister(pending.slot)
      pending.temporary.remove()
    }
  }

  /// Forgets what was begun for `destination` and is no longer to be removed.
  static func forget(_ destination: Destination) {
    state.withLock { state in
      guard let pending = state.places.removeValue(forKey: Place(destination)) else { return }
      ferry_temporary_unregister(pending.slot)
    }
  }

  /// Does what gives the temporary of `destination` its name. An interruption waits until that is done, so that it
  /// never finds the old result moved away and the new one not yet in its place; a crash leaves both.
  ///
  /// - Parameter body: Returns whether the temporary's name now stands for what was replaced, which
  ///   ``discard(_:)`` removes.
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

  /// Removes everything unfinished from the disk; what is begun or finished from then on fails. For a thread that
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
