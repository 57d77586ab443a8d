import Glibc

/// A value that threads change, and wait for each other's changes of.
///
/// `@unchecked Sendable`: the value is touched only with the mutex held; a condition variable cannot be paired
/// with `Mutex`.
final class Monitor<State>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  init(_ state: sending State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Changes the value, and has those who wait look again.
  func change<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    defer { pthread_cond_broadcast(changed) }
    return try body(&state)
  }

  /// Waits until `body` has an answer; it is asked now and after every change.
  func wait<Value>(_ body: (inout State) throws -> Value?) rethrows -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let value = try body(&state) { return value }
      pthread_cond_wait(changed, mutex)
    }
  }
}
