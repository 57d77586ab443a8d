public import FerryDevices

/// The operations in plain Swift on host memory: slow, trusted, the specification of all others.
///
/// Every sum runs in index order in f64, is rounded to f32 once, and once more when it is stored
/// as f16 or bf16; what others compute in f32 is measured against that with a stated bound. What
/// has to be the same bits everywhere (decoded weights, encoded bytes, 8-bit codes of activations
/// and their integer sums) is done exactly as others have to do it.
public struct ReferenceOperations: Operations {
  /// Where the operations run: the host.
  public let context: DeviceContext

  /// Operations on the host's context.
  public init(context: DeviceContext) {
    precondition(context.device == .cpu, "the reference works on host memory")
    self.context = context
  }

  var checks: OperandChecks { OperandChecks(context.device) }
}
