import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// Quantizing and dequantizing a large weight: bytes read and written a second, of the copy bandwidth.
struct CodingBench {
  let open: OpenDevice
  let bandwidth: CopyBandwidth
  private let operations: KernelOperations
  private let shape: [Int]
  /// What is quantized, and room for what is dequantized.
  private let values: WeightView, output: WeightView

  init(_ open: OpenDevice, _ bandwidth: CopyBandwidth) throws {
    (self.open, self.bandwidth) = (open, bandwidth)
    operations = try KernelOperations(context: open.context)
    shape = open.scale.codedShape
    values = try SyntheticWeight.make(.plain(.bf16), shape: shape, on: open.context, seed: 1)
    output = try SyntheticWeight.make(.plain(.bf16), shape: shape, on: open.context, seed: 2)
  }

  /// Both ways of one format; what fails is said.
  func figures(of kind: LinearKind) -> [Figure] {
    .attempting(name("dequantize", kind)) { [try dequantizing(kind)] }
      + .attempting(name("quantize", kind)) { [try quantizing(kind)] }
  }

  private func weight(_ kind: LinearKind) throws -> WeightView {
    try SyntheticWeight.make(kind.format, shape: shape, on: open.context, seed: 3)
  }

  private func dequantizing(_ kind: LinearKind) throws -> Figure {
    let weight = try weight(kind)
    let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
    let timing = try timer.time(copies: 1) { _ in
      try operations.dequantize(weight, into: Tensor(output.payload, .bf16, shape: shape))
    }
    return figure(name("dequantize", kind), weight, timing.seconds)
  }

  /// Quantizing waits for the device by itself, and so is never recorded.
  private func quantizing(_ kind: LinearKind) throws -> Figure {
    let weight = try weight(kind)
    let tensor = Tensor(values.payload, .bf16, shape: shape)
    _ = try operations.quantize(tensor, into: weight)
    let seconds = try Stopwatch.best(of: 5) { _ = try operations.quantize(tensor, into: weight) }
    return figure(name("quantize", kind), weight, seconds)
  }

  private func name(_ verb: String, _ kind: LinearKind) -> String {
    "\(verb) \(kind.name) \(shape[0])×\(shape[1]) bf16, of copy bandwidth"
  }

  private func figure(_ name: String, _ weight: WeightView, _ seconds: Double) -> Figure {
    let byteCount = weight.entry.byteCount + 2 * shape.reduce(1, *)
    return Figure(
      name, Double(byteCount) / seconds / bandwidth.rate, "", .atLeast, seconds: seconds)
  }
}

extension BenchScale {
  /// A matrix far larger than any cache.
  fileprivate var codedShape: [Int] { self == .full ? [28672, 8192] : [256, 512] }
}
