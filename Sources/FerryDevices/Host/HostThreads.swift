import Glibc
import Synchronization

/// A thread that ends when its work is done.
package final class HostThread: Sendable {
  private let thread: pthread_t

  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread; nil where the system has none left.
  package init?(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let status = pthread_create(
      &thread, nil,
      { work in
        if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    self.thread = thread
    guard status == 0 else {
      work.release()
      return nil
    }
  }

  /// How long the calling thread has been on a processor, in seconds.
  static var workedSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Waits until the work is done; called once for every thread.
  package func join() { pthread_join(thread, nil) }
}

/// Work shared out among threads.
package enum HostThreads {
  /// How many processors this process may use.
  package static let processorCount = ProcessorCount.usable

  /// Runs `body` for every number below `count`, in no order, on at most so many threads, this one
  /// included. Returns when all are done.
  package static func perform(
    _ count: Int, threads limit: Int = processorCount, _ body: @Sendable (Int) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      let next = Counter()
      let work: @Sendable () -> Void = {
        while let number = next.take(below: count) { body(number) }
      }
      let threads = (0..<max(0, min(count, limit) - 1)).compactMap { _ in HostThread(work) }
      work()
      for thread in threads { thread.join() }
    }
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    func take(below count: Int) -> Int? {
      let number = value.add(1, ordering: .relaxed).oldValue
      return number < count ? number : nil
    }
  }
}
