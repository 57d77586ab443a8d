import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// Elements that a thread decodes; 32 of dequantize.cl.
  private static let decodedPerThread = 32

  /// One thread for 32 elements.
  public func dequantize(_ weight: WeightView, into output: Tensor) throws {
    try checks.dequantize(weight, into: output)
    try requireAlignment(output)
    try requireAlignment(weight)
    guard output.count > 0 else { return }
    try launchFlat(
      .dequantize, ["FORMAT": weight.kernelFormat, "OUTPUT": output.elementType.rawValue],
      count: output.count.blocks(of: Self.decodedPerThread),
      weight.kernelArguments + [
        .buffer(output.view), .uint64(UInt64(output.count)), .uint64(UInt64(weight.columnCount)),
      ])
  }

  /// Encodes on the device; the mean of a nested format's absmax values alone is the host's, since it
  /// is a sum in f64 and in index order.
  public func quantize(_ values: Tensor, into weight: WeightView) throws -> Float {
    try checks.quantize(values, into: weight)
    try requireSubnormals()
    try requireAlignment(values)
    try requireAlignment(weight)
    let encoding = WeightEncoding(self, values, weight)
    let offset = try encoding.run()
    try context.compute.synchronize()
    return offset
  }

  /// Encoding gives the same bytes on every device, and so needs one that keeps subnormal numbers.
  private func requireSubnormals() throws(OperationError) {
    guard context.backend.limits.keepsSubnormals else {
      throw OperationError(
        .unsupported,
        "\(context.device) flushes subnormal numbers to zero, so that its bytes might differ from "
          + "other devices'; quantize on the CPU")
    }
  }
}
