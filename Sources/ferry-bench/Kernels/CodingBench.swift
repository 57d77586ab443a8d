import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// A format that is encoded and decoded in a way of its own.
struct CodedFormat {
  /// The name in figures.
  let name: String
  let format: WeightFormat

  static let all: [CodedFormat] =
    [LinearKind.nf4, .nestedNF4, .fp4, .int8].map { CodedFormat(name: $0.name, format: $0.format) }
    + [
      CodedFormat(
        name: "nested FP4", format: .fourBit(FourBitFormat(.fp4, blockSize: 128, isNested: true))),
      CodedFormat(name: "dynamic8", format: .dynamic8(blockSize: 256)),
    ]
}

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
  func figures(of coded: CodedFormat) -> [Figure] {
    .attempting(name("dequantize", coded)) { [try dequantizing(coded)] }
      + .attempting(name("quantize", coded)) { [try quantizing(coded)] }
  }

  private func weight(_ coded: CodedFormat) throws -> WeightView {
    try SyntheticWeight.make(coded.format, shape: shape, on: open.context, seed: 3)
  }

  private func dequantizing(_ coded: CodedFormat) throws -> Figure {
    let weight = try weight(coded)
    let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
    let timing = try timer.time(copies: 1) { _ in
      try operations.dequantize(weight, into: Tensor(output.payload, .bf16, shape: shape))
    }
    return figure(name("dequantize", coded), weight, timing.seconds)
  }

  /// Quantizing waits for the device by itself, and so is never recorded.
  private func quantizing(_ coded: CodedFormat) throws -> Figure {
    let weight = try weight(coded)
    let tensor = Tensor(values.payload, .bf16, shape: shape)
    _ = try operations.quantize(tensor, into: weight)
    let seconds = try Stopwatch.best(of: 5) { _ = try operations.quantize(tensor, into: weight) }
    return figure(name("quantize", coded), weight, seconds)
  }

  private func name(_ verb: String, _ coded: CodedFormat) -> String {
    "\(verb) \(coded.name) \(shape[0])×\(shape[1]) bf16, of copy bandwidth"
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
