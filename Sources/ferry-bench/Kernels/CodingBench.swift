import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// Quantizing and dequantizing a large weight: bytes read and written a second, of the copy bandwidth.
struct CodingBench {
  let open: OpenDevice
  let bandwidth: CopyBandwidth

  init(_ open: OpenDevice, _ bandwidth: CopyBandwidth) {
    (self.open, self.bandwidth) = (open, bandwidth)
  }

  func figures() throws -> [Figure] {
    let operations = try KernelOperations(context: open.context)
    let shape = open.scale.codedShape
    let values = try SyntheticWeight.make(.plain(.bf16), shape: shape, on: open.context, seed: 1)
    let output = try SyntheticWeight.make(.plain(.bf16), shape: shape, on: open.context, seed: 2)
    return try LinearKind.coded.flatMap { kind in
      let weight = try SyntheticWeight.make(
        kind.format, shape: shape, on: open.context, seed: 3)
      let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
      let decoding = try timer.time(copies: 1) { _ in
        try operations.dequantize(weight, into: Tensor(output.payload, .bf16, shape: shape))
      }
      let encoding = try quantizing(values, shape, into: weight, operations)
      return [
        figure("dequantize", kind, shape, weight, decoding.seconds),
        figure("quantize", kind, shape, weight, encoding),
      ]
    }
  }

  /// Quantizing waits for the device by itself, and so is never recorded.
  private func quantizing(
    _ values: WeightView, _ shape: [Int], into weight: WeightView, _ operations: KernelOperations
  ) throws -> Double {
    let tensor = Tensor(values.payload, .bf16, shape: shape)
    _ = try operations.quantize(tensor, into: weight)
    return try Stopwatch.best(of: 5) { _ = try operations.quantize(tensor, into: weight) }
  }

  private func figure(
    _ verb: String, _ kind: LinearKind, _ shape: [Int], _ weight: WeightView, _ seconds: Double
  ) -> Figure {
    let byteCount = weight.entry.byteCount + 2 * shape.reduce(1, *)
    return Figure(
      "\(verb) \(kind.name) \(shape[0])×\(shape[1]) bf16, of copy bandwidth",
      Double(byteCount) / seconds / bandwidth.rate, "", .atLeast, seconds: seconds)
  }
}

extension BenchScale {
  /// A matrix far larger than any cache.
  fileprivate var codedShape: [Int] { self == .full ? [28672, 8192] : [256, 512] }
}
