import FerryDevices
import FerryTensors
import Synchronization

/// A step on weights that were arriving when it began.
final class ArrivingStep: WeightStep, Sendable {
  private let weights: ResidentWeights
  private let arrival: WeightArrival
  private let isCancelled = Atomic<Bool>(false)
  private let usesWeights = Atomic<Bool>(false)

  init(_ weights: ResidentWeights, _ arrival: WeightArrival) {
    (self.weights, self.arrival) = (weights, arrival)
  }

  var context: DeviceContext { arrival.context }

  /// Whether any segment was asked for: else the step's result depends on no weight.
  var hasUsedWeights: Bool { usesWeights.load(ordering: .relaxed) }

  func acquire(segment: Int) throws -> ResidentSegment {
    usesWeights.store(true, ordering: .relaxed)
    let found = try arrival.segment(segment) { isCancelled.load(ordering: .relaxed) }
    guard let (resident, event) = found else { return try weights.acquire(segment: segment) }
    if let event { try context.compute.wait(for: event) }
    return resident
  }

  /// Ends the wait for a segment.
  func cancel() {
    isCancelled.store(true, ordering: .relaxed)
    arrival.wake()
  }
}

extension ResidentWeights {
  /// Runs a step on weights that are arriving, and keeps what it has to tell until they are there; nil where they
  /// never were, and the step counts for nothing.
  ///
  /// What did not need any weight is told at once, and so is that the task was cancelled.
  func step<Value: Sendable>(
    on arrival: WeightArrival, _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value? {
    let step = ArrivingStep(self, arrival)
    let result: Result<Value, any Error>
    do {
      let value = try await withTaskCancellationHandler {
        try await arrival.context.worker.run { try arrival.run { try body(step) } }
      } onCancel: {
        step.cancel()
      }
      if !step.hasUsedWeights { return value }
      result = .success(value)
    } catch let error as CancellationError {
      throw error
    } catch {
      result = .failure(error)
    }
    return await arrival.outcome() ? try result.get() : nil
  }
}
