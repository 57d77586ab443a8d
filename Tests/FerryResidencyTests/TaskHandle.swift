import Glibc
import Synchronization

/// A way to cancel a task from what runs inside it.
final class TaskHandle: Sendable {
  private let action = Mutex<(@Sendable () -> Void)?>(nil)

  func set(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }

  /// Waits until the handle has been set.
  func cancel() {
    while true {
      if let action = action.withLock({ $0 }) { return action() }
      usleep(100)
    }
  }
}
