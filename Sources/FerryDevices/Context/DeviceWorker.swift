import Synchronization

/// A thread that runs a device's blocking work in order, outside the cooperative pool.
///
/// If the system cannot create the thread, the work runs on the callers' threads, one at a time.
public final class DeviceWorker: Sendable {
  private let queue = WorkQueue()
  private let hasThread: Bool
  /// The lock that serializes work when there is no thread.
  private let turn = Mutex(())

  /// Starts the thread.
  public convenience init() { self.init(startingThread: true) }

  init(startingThread: Bool) { hasThread = startingThread && queue.startThread() }

  /// The thread finishes what was asked of it before, and ends.
  deinit { queue.close() }

  /// Runs `body` on the worker's thread and returns what it returns.
  ///
  /// When this returns, the worker holds neither `body` and what it captured nor the result: memory
  /// that only `body` held is back, and memory that the result holds goes with the caller's.
  public func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    guard hasThread else { return try turn.withLock { _ in try body() } }
    let item = WorkItem(body)
    await withCheckedContinuation { continuation in
      item.await(continuation)
      queue.append(item)
    }
    return try item.takeResult().get()
  }
}

/// Something a worker does once.
protocol Work: AnyObject, Sendable {
  func perform()
}

/// A closure, its result, and whoever waits for that.
///
/// The result is left here instead of being handed to the continuation: a thread that resumes one with
/// a value may hold the value a little longer than whoever awaited it.
///
/// `@unchecked Sendable`: only the caller touches it until it is queued, then only the worker's thread
/// until that resumes the caller, then only the caller.
private final class WorkItem<Value: Sendable>: Work, @unchecked Sendable {
  private var body: (@Sendable () throws -> Value)?
  private var result: Result<Value, any Error>?
  private var continuation: CheckedContinuation<Void, Never>?

  init(_ body: @escaping @Sendable () throws -> Value) { self.body = body }

  func await(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }

  func perform() {
    compute()
    continuation.take()?.resume()
  }

  func takeResult() -> Result<Value, any Error> {
    guard let result = result.take() else { preconditionFailure("the work is done") }
    return result
  }

  private func compute() {
    guard let body = body.take() else { return }
    result = Result { try body() }
  }
}
