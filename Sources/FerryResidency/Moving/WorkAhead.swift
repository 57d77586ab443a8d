import FerryDevices
import Glibc
import Synchronization

/// Threads that do numbered pieces of work ahead of whoever needs them in order.
///
/// `@unchecked Sendable`: what changes is touched only with the mutex held; a condition variable
/// cannot be paired with `Mutex`.
final class WorkAhead: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let work: @Sendable (Int) throws -> Void
  /// The first number that is not given to a thread yet.
  private var next = 0
  /// Pieces below this number may be begun.
  private var allowed = 0
  private var isDone: [Bool]
  private var failure: (any Error)?
  private var isStopping = false
  private var threads: [HostThread] = []
  private var hasThreads = false
  /// Whose turn it is to do pieces, without threads.
  private let turn = Mutex(())

  /// Begins nothing before it is allowed to. Without threads a piece is done when it is waited for, by
  /// whoever comes first.
  init(count: Int, threads: Int, _ work: @escaping @Sendable (Int) throws -> Void) {
    self.work = work
    self.isDone = Array(repeating: false, count: count)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    self.threads = (0..<min(threads, count)).compactMap { _ in
      HostThread { [unowned self] in runUntilStopped() }
    }
    hasThreads = !self.threads.isEmpty
  }

  /// Every thread has ended: ``stop()`` was called.
  deinit {
    precondition(threads.isEmpty, "work goes on behind the back of its owner")
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Lets the pieces below `end` be begun.
  func allow(upTo end: Int) {
    withLock {
      allowed = max(allowed, min(end, isDone.count))
      pthread_cond_broadcast(changed)
    }
  }

  /// Waits until an allowed piece is done. Any thread may wait.
  ///
  /// - Throws: the first failure of any piece; `CancellationError` where it was stopped before.
  func wait(for number: Int) throws {
    if !hasThreads { return try catchUp(to: number) }
    let failure = withLock {
      while !isDone[number] && !isEnding { pthread_cond_wait(changed, mutex) }
      return self.failure ?? (isDone[number] ? nil : CancellationError())
    }
    if let failure { throw failure }
  }

  /// Ends the threads: no other piece is begun, and when this returns none is being done. One thread
  /// stops it, once or again.
  func stop() {
    withLock {
      isStopping = true
      pthread_cond_broadcast(changed)
    }
    for thread in threads { thread.join() }
    threads = []
  }

  private func catchUp(to number: Int) throws {
    try turn.withLock { _ in try doAll(upTo: number) }
  }

  private func doAll(upTo number: Int) throws {
    while next <= number {
      guard !withLock({ isStopping }) else { throw CancellationError() }
      try work(next)
      next += 1
    }
  }

  private func runUntilStopped() {
    while let number = take() {
      let result = Result { try work(number) }
      withLock {
        switch result {
        case .success: isDone[number] = true
        case .failure(let error): failure = failure ?? error
        }
        pthread_cond_broadcast(changed)
      }
    }
  }

  /// The next piece, once it is allowed; nil when there is none or the work is to end.
  private func take() -> Int? {
    withLock {
      while next < isDone.count && next >= allowed && !isEnding {
        pthread_cond_wait(changed, mutex)
      }
      guard next < isDone.count, !isEnding else { return nil }
      next += 1
      return next - 1
    }
  }

  private var isEnding: Bool { isStopping || failure != nil }

  private func withLock<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
