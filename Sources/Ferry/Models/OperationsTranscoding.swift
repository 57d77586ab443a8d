import FerryDevices
import FerryOperations
import FerryTensors

/// Decoding and encoding for moves that carry full precision: the operations of whatever device it is.
struct OperationsTranscoding: WeightTranscoding {
  let engine: Engine

  func dequantize(_ weight: WeightView, into output: Tensor, on context: DeviceContext) throws {
    try engine.operations(for: context).dequantize(weight, into: output)
    try context.compute.synchronize()
  }

  func quantize(_ values: Tensor, into weight: WeightView, on context: DeviceContext) throws {
    _ = try engine.operations(for: context).quantize(values, into: weight)
    try context.compute.synchronize()
  }
}
