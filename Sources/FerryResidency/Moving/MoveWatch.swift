import FerryDevices
import Synchronization

/// The view from outside on work that runs on another thread: cancelling it, and seeing how far it is.
struct MoveWatch: Sendable {
  private let cancellation = Cancellation()
  private let observer: MoveObserver?

  init(_ observer: MoveObserver? = nil) { self.observer = observer }

  /// Runs `work` on `thread`; cancelling the task makes the work's next check throw.
  func run<Value: Sendable>(
    on thread: DeviceWorker, _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withTaskCancellationHandler {
      try await thread.run(work)
    } onCancel: {
      cancellation.isRequested.store(true, ordering: .relaxed)
    }
  }

  func checkCancellation() throws {
    if cancellation.isRequested.load(ordering: .relaxed) { throw CancellationError() }
  }

  func report(_ phase: MoveProgress.Phase, _ completed: Int, of total: Int) {
    observer?(MoveProgress(phase: phase, completedBytes: completed, totalBytes: total))
  }

  private final class Cancellation: Sendable {
    let isRequested = Atomic<Bool>(false)
  }
}
