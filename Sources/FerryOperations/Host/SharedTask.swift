import CHostKernels
import Glibc
import Synchronization

/// The task that a pool's threads share.
///
/// A thread enters by counting itself and only then looks whether the task is open; the thread that asked
/// closes the task and only then looks who is inside. In the one order that both agree on, either the
/// first sees that the task is closed, or the second that somebody is inside, and waits. No lock is taken
/// but to sleep and to wake.
///
/// `@unchecked Sendable`: `body` and `pieces` are written by the thread that reserved the task, before
/// it opens it, and read only by threads that are inside while it is open. A condition variable cannot be
/// paired with `Mutex`.
final class SharedTask: @unchecked Sendable {
  private static let spinCount = 2000
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let left = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let isReserved = Atomic<Bool>(false)
  private let isOpen = Atomic<Bool>(false)
  private let isClosing = Atomic<Bool>(false)
  /// How many tasks were opened.
  private let generation = Atomic<Int>(0)
  /// The next piece to claim.
  private let next = Atomic<Int>(0)
  /// Threads that entered and have not left.
  private let inside = Atomic<Int>(0)
  /// Threads that sleep until a task is opened.
  private let sleepers = Atomic<Int>(0)
  /// Whether the thread that asked sleeps until the others have left.
  private let isAwaitingOthers = Atomic<Bool>(false)
  private var body: ((Int) -> Void)?
  private var pieces = 0

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(opened, nil)
    pthread_cond_init(left, nil)
  }

  deinit {
    pthread_cond_destroy(left)
    pthread_cond_destroy(opened)
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    opened.deallocate()
    left.deallocate()
  }

  /// Whether the caller may run a task now; `run` gives the reservation back.
  func reserve() -> Bool {
    isReserved.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  func run(pieces: Int, _ body: @escaping (Int) -> Void) {
    open(pieces: pieces, body)
    claimPieces()
    isOpen.store(false, ordering: .sequentiallyConsistent)
    waitForOthers()
    self.body = nil
    isReserved.store(false, ordering: .releasing)
  }

  func close() {
    isClosing.store(true, ordering: .sequentiallyConsistent)
    generation.add(1, ordering: .sequentiallyConsistent)
    withLock { _ = pthread_cond_broadcast(opened) }
  }

  func workUntilClosed() {
    var seen = 0
    while let current = generation(after: seen) {
      seen = current
      inside.add(1, ordering: .sequentiallyConsistent)
      if isOpen.load(ordering: .sequentiallyConsistent) { claimPieces() }
      leave()
    }
  }

  private func open(pieces: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    self.pieces = pieces
    next.store(0, ordering: .relaxed)
    isOpen.store(true, ordering: .sequentiallyConsistent)
    generation.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      withLock { _ = pthread_cond_broadcast(opened) }
    }
  }

  private func claimPieces() {
    guard let body else { return }
    while true {
      let piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      body(piece)
    }
  }

  private func waitForOthers() {
    if spin(until: { inside.load(ordering: .sequentiallyConsistent) == 0 }) { return }
    withLock {
      isAwaitingOthers.store(true, ordering: .sequentiallyConsistent)
      while inside.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(left, mutex) }
      isAwaitingOthers.store(false, ordering: .relaxed)
    }
  }

  /// Waits for a task after number `seen`, and returns its number; nil when the pool closes.
  private func generation(after seen: Int) -> Int? {
    if !spin(until: { generation.load(ordering: .acquiring) != seen }) { sleep(after: seen) }
    return isClosing.load(ordering: .acquiring) ? nil : generation.load(ordering: .acquiring)
  }

  private func sleep(after seen: Int) {
    withLock {
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while generation.load(ordering: .sequentiallyConsistent) == seen {
        pthread_cond_wait(opened, mutex)
      }
      sleepers.subtract(1, ordering: .relaxed)
    }
  }

  private func leave() {
    guard inside.subtract(1, ordering: .sequentiallyConsistent).newValue == 0,
      isAwaitingOthers.load(ordering: .sequentiallyConsistent)
    else { return }
    withLock { _ = pthread_cond_signal(left) }
  }

  /// Whether the condition came true in the time that is spent on it.
  private func spin(until condition: () -> Bool) -> Bool {
    for _ in 0..<Self.spinCount {
      if condition() { return true }
      ferry_relax()
    }
    return condition()
  }

  private func withLock(_ body: () -> Void) {
    pthread_mutex_lock(mutex)
    body()
    pthread_mutex_unlock(mutex)
  }
}
