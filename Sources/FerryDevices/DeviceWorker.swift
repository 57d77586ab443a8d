import Glibc
import Synchronization

/// One thread that runs the blocking work of a device, in order, off the cooperative pool.
public final class DeviceWorker: Sendable {
  private let queue = JobQueue()

  /// Starts the thread.
  public init() {
    let queue = self.queue
    startThread { queue.runUntilClosed() }
  }

  deinit { queue.close() }

  /// Runs `body` on the worker's thread and returns what it returns.
  public func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.append { continuation.resume(with: Result { try body() }) }
    }
  }
}

/// A queue of closures that one thread takes from.
///
/// `@unchecked Sendable`: the jobs are touched only with the mutex held; a condition variable cannot
/// be paired with `Mutex`.
private final class JobQueue: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [@Sendable () -> Void] = []
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

  func append(_ job: @escaping @Sendable () -> Void) {
    withLock {
      jobs.append(job)
      pthread_cond_signal(changed)
    }
  }

  func close() {
    withLock {
      isClosed = true
      pthread_cond_signal(changed)
    }
  }

  func runUntilClosed() {
    while let batch = take() {
      for job in batch { job() }
    }
  }

  /// The jobs that wait, or nil once closed and empty.
  private func take() -> [@Sendable () -> Void]? {
    withLock {
      while jobs.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
      defer { jobs = [] }
      return jobs.isEmpty ? nil : jobs
    }
  }

  private func withLock<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}

/// The body of a thread, boxed to pass through C.
private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ body: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let box = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
  let status = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, box)
  precondition(status == 0, "no thread: error \(status)")
  pthread_detach(thread)
}
