import FerryDevices
import FerryOperations
import FerryTensors
import Synchronization

/// Decoding and encoding for moves that carry full precision: the operations of whatever device it is.
final class OperationsTranscoding: WeightTranscoding {
  private let made = Mutex<[Device: any Operations]>([:])

  func dequantize(_ weight: WeightView, into output: Tensor, on context: DeviceContext) throws {
    try operations(of: context).dequantize(weight, into: output)
    try context.compute.synchronize()
  }

  func quantize(_ values: Tensor, into weight: WeightView, on context: DeviceContext) throws {
    _ = try operations(of: context).quantize(values, into: weight)
    try context.compute.synchronize()
  }

  private func operations(of context: DeviceContext) throws -> any Operations {
    if let made = made.withLock({ $0[context.device] }) { return made }
    let operations = try OperationsFactory.make(for: context)
    made.withLock { $0[context.device] = operations }
    return operations
  }
}
