import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// One thread an element.
  public func siluMultiply(gate: Tensor, up: Tensor, into output: Tensor) throws {
    try checks.siluMultiply(gate: gate, up: up, into: output)
    try combine(.siluMultiply, gate, up, into: output)
  }

  /// One thread an element.
  public func add(_ values: Tensor, to target: Tensor) throws {
    try checks.add(values, to: target)
    try combine(.add, target, values, into: target)
  }

  private func combine(
    _ kernel: OperationKernel, _ a: Tensor, _ b: Tensor, into output: Tensor
  ) throws {
    try requireAlignment(a, b, output)
    guard output.count > 0 else { return }
    try launchFlat(
      kernel, elementwiseDefines(a, b, output), count: output.count,
      [
        .buffer(a.view), .buffer(b.view), .buffer(output.view), .uint64(UInt64(output.count)),
      ])
  }

  /// Every element rounded once to another type.
  func convert(_ values: Tensor, into output: Tensor) throws {
    try launchFlat(
      .convert, elementwiseDefines(values, values, output), count: values.count,
      [.buffer(values.view), .buffer(output.view), .uint64(UInt64(values.count))])
  }

  /// The types that elementwise.cl is built for.
  private func elementwiseDefines(_ a: Tensor, _ b: Tensor, _ output: Tensor) -> [String: String] {
    [
      "A": a.elementType.rawValue, "B": b.elementType.rawValue,
      "OUTPUT": output.elementType.rawValue,
    ]
  }
}
