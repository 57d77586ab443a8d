import Glibc

/// A queue of work that one thread takes from.
///
/// `@unchecked Sendable`: the items are touched only with the mutex held; a condition variable cannot
/// be paired with `Mutex`.
final class WorkQueue: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var items: [any Work] = []
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func append(_ item: any Work) {
    withLock {
      items.append(item)
      pthread_cond_signal(changed)
    }
  }

  /// Lets the thread end once nothing is left to do.
  func close() {
    withLock {
      isClosed = true
      pthread_cond_signal(changed)
    }
  }

  /// Starts the thread, which keeps the queue alive until it ends; returns false if the system cannot create one.
  func startThread() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context {
          Unmanaged<WorkQueue>.fromOpaque(context).takeRetainedValue().runUntilClosed()
        }
        return nil
      }, context)
    guard status == 0 else {
      Unmanaged<WorkQueue>.fromOpaque(context).release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func runUntilClosed() {
    while var batch = take() {
      batch.reverse()
      while let item = batch.popLast() { item.perform() }
    }
  }

  /// What waits, or nil once closed and empty.
  private func take() -> [any Work]? {
    withLock {
      while items.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
      defer { items = [] }
      return items.isEmpty ? nil : items
    }
  }

  private func withLock<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
