import FerryDevices
import FerryTensors

/// The way to weights for steps that are meant for one device: where the weights are elsewhere, they fail.
final class BoundWeights: WeightAccess {
  private let weights: any WeightAccess
  private let bound: Device

  init(_ weights: any WeightAccess, to device: Device) {
    (self.weights, bound) = (weights, device)
  }

  var layout: WeightLayout { weights.layout }

  var device: Device { weights.device }

  func withStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value {
    try await weights.withStep { [bound] step in
      guard step.context.device == bound else {
        throw FerryError(
          .elsewhere, "the model is on \(step.context.device), not on \(bound); move it there first"
        )
      }
      return try body(step)
    }
  }

  func attach(_ state: any AttachedState) { weights.attach(state) }
}
