import Glibc
import Synchronization

/// Something that one thread waits for and another makes true.
final class Flag: Sendable {
  private let isRaised = Atomic<Bool>(false)
  var isSet: Bool { isRaised.load(ordering: .sequentiallyConsistent) }
  func raise() { isRaised.store(true, ordering: .sequentiallyConsistent) }

  /// Waits on a thread of the test's own.
  func block() { while !isRaised.load(ordering: .sequentiallyConsistent) { usleep(200) } }

  /// Waits without holding a thread of the pool, which has few.
  func wait() async throws {
    while !isRaised.load(ordering: .sequentiallyConsistent) {
      try await Task.sleep(for: .milliseconds(1))
    }
  }
}
