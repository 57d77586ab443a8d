/// One thread that runs the blocking work of a device, in order, off the cooperative pool.
public final class DeviceWorker: Sendable {
  private let queue = WorkQueue()

  /// Starts the thread.
  public init() { queue.startThread() }

  /// The thread finishes what was asked of it before, and ends.
  deinit { queue.close() }

  /// Runs `body` on the worker's thread and returns what it returns.
  ///
  /// `body`, and what it captured, is released before this returns: memory that only it held is
  /// back by then.
  public func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.append(WorkItem(body, continuation))
    }
  }
}

/// Something a worker does once.
protocol Work: AnyObject, Sendable {
  func perform()
}

/// A closure, and whoever waits for its result.
///
/// `@unchecked Sendable`: only the worker's thread touches it after it was queued.
private final class WorkItem<Value: Sendable>: Work, @unchecked Sendable {
  private var body: (@Sendable () throws -> Value)?
  private let continuation: CheckedContinuation<Value, any Error>

  init(
    _ body: @escaping @Sendable () throws -> Value,
    _ continuation: CheckedContinuation<Value, any Error>
  ) {
    self.body = body
    self.continuation = continuation
  }

  func perform() {
    guard let result = result() else { return }
    continuation.resume(with: result)
  }

  private func result() -> Result<Value, any Error>? {
    defer { body = nil }
    return body.map { body in Result { try body() } }
  }
}
