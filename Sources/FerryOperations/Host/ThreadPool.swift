import FerryDevices
import Synchronization

/// Threads that do the pieces of one task at a time, together with the thread that asks.
///
/// Pieces are claimed in turn, so which thread does one is chance: what a piece computes must not
/// depend on it. Threads that wait for the next task spin for some microseconds before they sleep,
/// because a forward pass asks again at once.
package final class ThreadPool: Sendable {
  /// How many threads work on a task, the asking one included.
  package let threadCount: Int
  private let task = SharedTask()
  private let threads: [HostThread]

  /// A pool of `threadCount` threads, or of one for each processor that this process may use; fewer where the
  /// system has none left.
  package init(threadCount: Int? = nil) {
    let count = max(1, threadCount ?? HostThreads.processorCount)
    let task = task
    threads = (1..<count).compactMap { _ in HostThread { task.workUntilClosed() } }
    self.threadCount = 1 + threads.count
  }

  deinit {
    task.close()
    for thread in threads { thread.join() }
  }

  /// Calls `body` once for every number in `0..<pieces`, in any order, and returns when all are done.
  ///
  /// A task that comes while another runs is done by its own thread alone.
  package func run(pieces: Int, _ body: (Int) -> Void) {
    guard pieces > 1, threadCount > 1, task.reserve() else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { task.run(pieces: pieces, $0) }
  }

  /// Calls `body` as ``run(pieces:_:)`` does, with what `local` makes: once on every thread that does a piece.
  package func run<Local>(
    pieces: Int, local: () -> Local, _ body: (Int, Local) -> Void
  ) {
    let next = Atomic<Int>(0)
    run(pieces: min(pieces, threadCount)) { _ in
      var piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      let own = local()
      while piece < pieces {
        body(piece, own)
        piece = next.add(1, ordering: .relaxed).oldValue
      }
    }
  }

  /// Calls `body` for ranges that make up `0..<count`: one, or several of at least `grain` each. The more
  /// a thread has, the less it matters that some take longer.
  package func run(count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    run(count: count, grain: grain, local: {}, { range, _ in body(range) })
  }

  /// The same with what `local` makes for every thread.
  package func run<Local>(
    count: Int, grain: Int, piecesPerThread: Int = 4, local: () -> Local,
    _ body: (Range<Int>, Local) -> Void
  ) {
    let pieces = max(1, min(threadCount * piecesPerThread, count / max(grain, 1)))
    run(pieces: pieces, local: local) { piece, own in
      let range = count * piece / pieces..<count * (piece + 1) / pieces
      if !range.isEmpty { body(range, own) }
    }
  }
}
