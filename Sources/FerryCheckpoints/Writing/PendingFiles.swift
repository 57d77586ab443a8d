import Glibc
import Synchronization

/// The temporary files and folders of this process that are not finished yet, so that an interrupted
/// process can take them away.
package enum PendingFiles {
  private struct State {
    var paths: Set<String> = []
    /// Whether everything has been taken away, and nothing may be begun or finished any more.
    var isClosed = false
  }

  private static let state = Mutex(State())

  /// Notes what is about to be made at `path`, which is `destination` in the end; an error where that is being made
  /// already.
  static func insert(_ path: String, for destination: String) throws(CheckpointError) {
    try state.withLock { (state) throws(CheckpointError) in
      try check(state, path)
      guard state.paths.insert(path).inserted else {
        throw CheckpointError(
          .exists, file: destination, "is being written already; name another file for each result")
      }
    }
  }

  static func remove(_ path: String) { _ = state.withLock { $0.paths.remove(path) } }

  /// Removes everything unfinished from the disk; what is begun or finished from then on fails. For a thread
  /// that handles SIGINT (`sigwait`), not for a signal handler: it takes a lock and allocates.
  package static func removeAll() {
    state.withLock { state in
      for path in state.paths { FileTree.remove(path) }
      state = State(isClosed: true)
    }
  }

  /// Does what makes `path` finished and leaves `remains` to be removed. An interruption waits until it is
  /// done, so that it never finds the old folder moved away and the new one not yet in its place.
  static func complete(
    _ path: String, leaving remains: String? = nil, _ body: () throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try state.withLock { (state) throws(CheckpointError) in
      try check(state, path)
      try body()
      state.paths.remove(path)
      if let remains { state.paths.insert(remains) }
    }
  }

  private static func check(_ state: State, _ path: String) throws(CheckpointError) {
    guard state.isClosed else { return }
    throw CheckpointError(.unwritable, file: path, "interrupted; run it again")
  }
}
