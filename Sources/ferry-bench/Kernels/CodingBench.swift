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

/// Whether a weight becomes codes or codes become a weight.
enum CodingDirection: String { case quantize, dequantize }

/// Quantizing and dequantizing a large weight: bytes read and written a second, of the copy bandwidth. Where
/// that changes while a benchmark runs, it is measured again before and after, and the better counts.
struct CodingBench {
  let open: OpenDevice
  let roofs: any Roofs
  /// The type of what is quantized, and of what weights are dequantized to.
  let elementType: ElementType
  private let operations: any Operations
  private let shape: [Int]
  /// What is quantized, and room for what is dequantized.
  private let values: Tensor, output: Tensor

  init(
    _ open: OpenDevice, _ roofs: any Roofs, _ operations: any Operations,
    elementType: ElementType = .bf16
  ) throws {
    (self.open, self.roofs, self.operations) = (open, roofs, operations)
    self.elementType = elementType
    shape = open.scale.codedShape
    values = try SyntheticWeight.tensor(elementType, shape: shape, on: open.context, seed: 1)
    output = try SyntheticWeight.tensor(elementType, shape: shape, on: open.context, seed: 2)
  }

  /// Both ways of one format; what fails is said.
  func figures(of coded: CodedFormat) -> [Figure] {
    .attempting(name(.dequantize, coded), "", .atLeast, limit(.dequantize, coded)) {
      [try dequantizing(coded)]
    }
      + .attempting(name(.quantize, coded), "", .atLeast, limit(.quantize, coded)) {
        [try quantizing(coded)]
      }
  }

  private func weight(_ coded: CodedFormat) throws -> WeightView {
    try SyntheticWeight.make(coded.format, shape: shape, on: open.context, seed: 3)
  }

  private func dequantizing(_ coded: CodedFormat) throws -> Figure {
    let weight = try weight(coded)
    let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
    let before = roofs.memoryNow
    let timing = try timer.time(copies: 1) { _ in
      try operations.dequantize(weight, into: output)
    }
    return figure(.dequantize, coded, weight, timing.seconds, since: before)
  }

  /// Quantizing waits for the device by itself, and so is never recorded.
  private func quantizing(_ coded: CodedFormat) throws -> Figure {
    let weight = try weight(coded)
    _ = try operations.quantize(values, into: weight)
    let before = roofs.memoryNow
    let seconds = try Stopwatch.best(of: 5) { _ = try operations.quantize(values, into: weight) }
    return figure(.quantize, coded, weight, seconds, since: before)
  }

  /// Nothing is promised of dynamic 8-bit blocks, which no model's layers are made of.
  private func limit(_ direction: CodingDirection, _ coded: CodedFormat) -> Double? {
    if case .dynamic8 = coded.format { nil } else { roofs.limit(of: direction) }
  }

  private func name(_ direction: CodingDirection, _ coded: CodedFormat) -> String {
    "\(direction) \(coded.name) \(shape[0])×\(shape[1]) \(elementType), of copy bandwidth"
  }

  private func figure(
    _ direction: CodingDirection, _ coded: CodedFormat, _ weight: WeightView, _ seconds: Double,
    since before: MemoryRates?
  ) -> Figure {
    let coding = weight.entry.byteCount, plain = elementType.byteCount * shape.reduce(1, *)
    let (read, written) = direction == .quantize ? (plain, coding) : (coding, plain)
    let memory = roofs.memoryNow.map { before?.best($0) ?? $0 }
    let rate = Double(read + written) / seconds
    return Figure(
      name(direction, coded), rate / (memory?.copyRate ?? roofs.copyRate), "", .atLeast,
      limit(direction, coded), seconds: seconds,
      note: memory?.bound(reading: read, writing: written, in: seconds))
  }
}

extension BenchScale {
  /// A matrix far larger than any cache.
  fileprivate var codedShape: [Int] {
    pick(full: [28672, 8192], host: [11008, 4096], small: [256, 512])
  }
}
