import Dispatch
import Synchronization

/// Threads of a test.
enum ConcurrentWork {
  /// Runs `body` on so many threads at once and returns what went wrong.
  static func run(threads: Int, _ body: @Sendable (Int) throws -> Void) -> [any Error] {
    let failures = Mutex<[any Error]>([])
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      do {
        try body(thread)
      } catch {
        failures.withLock { $0.append(error) }
      }
    }
    return failures.withLock { $0 }
  }
}
