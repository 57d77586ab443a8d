import CHostKernels
import Glibc
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
  private let threads: [pthread_t]

  /// A pool of `threadCount` threads, or of one for each processor.
  package init(threadCount: Int? = nil) {
    let count = max(1, threadCount ?? Self.processorCount)
    let task = task
    self.threadCount = count
    threads = (1..<count).map { _ in startThread { task.workUntilClosed() } }
  }

  deinit {
    task.close()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// The processors that are online.
  package static var processorCount: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

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

  /// Calls `body` for ranges that make up `0..<count`: one, or several of at least `grain` each.
  package func run(count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = max(1, min(threadCount * 4, count / max(grain, 1)))
    run(pieces: pieces) { piece in
      let range = count * piece / pieces..<count * (piece + 1) / pieces
      if !range.isEmpty { body(range) }
    }
  }
}

/// The task that a pool's threads share.
///
/// `@unchecked Sendable`: `body` and `pieces` are written by the thread that reserved the task, before
/// it opens it, and read only by threads that entered while it is open; `isOpen`, `isClosing` and
/// `sleepers` are touched only with the mutex held. A condition variable cannot be paired with `Mutex`.
private final class SharedTask: @unchecked Sendable {
  private static let spinCount = 2000
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let left = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let isReserved = Atomic<Bool>(false)
  private let generation = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let inside = Atomic<Int>(0)
  private var body: ((Int) -> Void)?
  private var pieces = 0
  private var isOpen = false
  private var isClosing = false
  private var sleepers = 0

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
    waitForOthers()
    self.body = nil
    isReserved.store(false, ordering: .releasing)
  }

  func close() {
    withLock {
      isClosing = true
      generation.add(1, ordering: .releasing)
      pthread_cond_broadcast(opened)
    }
  }

  func workUntilClosed() {
    var seen = 0
    while true {
      spin { generation.load(ordering: .acquiring) != seen }
      guard let current = enter(after: seen) else { return }
      seen = current.generation
      guard current.isOpen else { continue }
      claimPieces()
      leave()
    }
  }

  private func open(pieces: Int, _ body: @escaping (Int) -> Void) {
    self.body = body
    self.pieces = pieces
    next.store(0, ordering: .relaxed)
    withLock {
      isOpen = true
      generation.add(1, ordering: .releasing)
      if sleepers > 0 { pthread_cond_broadcast(opened) }
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

  /// Lets nobody else in, and waits for those who are.
  private func waitForOthers() {
    withLock { isOpen = false }
    spin { inside.load(ordering: .acquiring) == 0 }
    withLock {
      while inside.load(ordering: .acquiring) > 0 { pthread_cond_wait(left, mutex) }
    }
  }

  /// Sleeps until there is a task after number `seen`, and enters it if it is still open; nil when the
  /// pool closes.
  private func enter(after seen: Int) -> (generation: Int, isOpen: Bool)? {
    withLock {
      while !isClosing && generation.load(ordering: .relaxed) == seen {
        sleepers += 1
        pthread_cond_wait(opened, mutex)
        sleepers -= 1
      }
      if isClosing { return nil }
      if isOpen { inside.add(1, ordering: .relaxed) }
      return (generation.load(ordering: .relaxed), isOpen)
    }
  }

  private func leave() {
    withLock {
      if inside.subtract(1, ordering: .releasing).newValue == 0 { pthread_cond_signal(left) }
    }
  }

  private func spin(until condition: () -> Bool) {
    var turns = 0
    while turns < Self.spinCount && !condition() {
      ferry_relax()
      turns += 1
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

private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  var thread = pthread_t()
  let box = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
  let status = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, box)
  precondition(status == 0, "no thread: error \(status)")
  return thread
}
