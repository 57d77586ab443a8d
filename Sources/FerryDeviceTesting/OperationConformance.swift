public import FerryDevices
public import FerryOperations

/// The suite that every implementation of ``FerryOperations/Operations`` must pass: what it computes,
/// against the reference, with a stated bound.
///
///     @Test(arguments: OperationConformance.checks)
///     func conforms(_ check: OperationCheck) throws {
///       try check.run(on: MyBackend()) { try MyOperations(context: $0) }
///     }
///
/// Bytes that a format prescribes are compared as bytes. Every check also holds that weights are as
/// they were, that nothing is written beside the outputs, and that no memory is left behind.
public enum OperationConformance {
  /// All checks.
  public static let checks: [OperationCheck] =
    gatherChecks + rowChecks + fusedChecks + wordChecks + elementChecks + attentionChecks
    + attentionTileChecks + encoderChecks + linearChecks + int8Checks + fewRowsChecks
    + manyRowsChecks + dequantizeChecks + quantizeChecks + mapChecks
    + refusalChecks

  /// The checks of layers with few rows of activations, which may be computed on matrix units.
  public static let fewRowsChecks: [OperationCheck] = fewRowsFormatChecks + fewRowsShapeChecks

  /// The checks of layers with enough rows of activations to be computed on matrix units.
  public static let manyRowsChecks: [OperationCheck] = tileChecks + int8TileChecks

  /// The checks of operations in which several threads may work on one row.
  public static let cooperativeChecks: [OperationCheck] =
    rowChecks + fusedChecks + attentionChecks + encoderChecks + linearShapeChecks + int8Checks
    + quantizeChecks
}

/// One property that an implementation must have.
public struct OperationCheck: Sendable, CustomStringConvertible {
  /// What holds, in a few words.
  public let name: String
  private let body: @Sendable (OperationFixture) throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (OperationFixture) throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The name.
  public var description: String { name }

  /// Throws a ``ConformanceFailure``, or the implementation's error, where the property does not hold.
  public func run(
    on backend: any DeviceBackend, with make: (DeviceContext) throws -> any Operations
  ) throws {
    do {
      try TestDevices.withContext(of: backend) { context in
        let bench = try OperationFixture(try make(context))
        try body(bench)
        try bench.checkSurroundings()
      }
    } catch let failure as ConformanceFailure {
      throw ConformanceFailure("\(backend.device): \(name): \(failure.message)")
    }
  }
}
