import FerryCheckpoints
import FerryDevices
import FerryModels
import FerryOperations

/// One checkpoint written anew, weight by weight.
struct Conversion {
  let source: SourceWeights
  let plan: ConversionPlan
  let converter: WeightConverter
  let destination: String

  /// Converts every weight and writes it to its place; the result appears when all are there.
  func run(
    to target: ConversionTarget, progress: @Sendable (ConversionProgress) -> Void
  ) throws -> ConversionReport {
    let total = plan.items.reduce(0) { $0 + $1.byteCount }
    let output = ConversionOutput(target)
    var done = 0
    for (item, placements) in zip(plan.items, plan.placements) {
      try Task.checkCancellation()
      let weight = try converter.convert(item)
      try output.write(weight, of: item, at: placements)
      done += item.byteCount
      progress(ConversionProgress(done: done, total: total))
    }
    try target.finish()
    return ConversionReport(
      destination: destination, converted: plan.converted, kept: plan.kept,
      leftOut: target.leftOut,
      bytesIn: source.checkpoint.files.reduce(0) { $0 + $1.byteCount },
      bytesOut: target.byteCount)
  }
}

/// Writes converted weights to their places.
struct ConversionOutput: @unchecked Sendable {
  // Unchecked: writers are classes without locks; a conversion writes from one thread at a time.
  private let target: ConversionTarget

  init(_ target: ConversionTarget) { self.target = target }

  /// Writes all tensors of a weight.
  func write(
    _ weight: ConvertedWeight, of item: ConversionPlan.Item, at places: [ConversionPlan.Placement]
  ) throws {
    for place in places {
      switch place.content {
      case .part(let index): try write(weight.parts[index], at: place)
      case .constant(let bytes):
        try bytes.withUnsafeBytes { try target.write($0, tensor: place.tensor) }
      case .document:
        let document = item.encoding?.document(
          nestedOffset: weight.nestedOffset, byteCount: place.byteCount)
        try document?.withUnsafeBytes { try target.write($0, tensor: place.tensor) }
      }
    }
  }

  /// Writes a part; packed bytes viewed as a wider type may end in padding, which is zeros.
  private func write(_ part: UnsafeRawBufferPointer, at place: ConversionPlan.Placement) throws {
    try target.write(part, tensor: place.tensor)
    guard place.byteCount > part.count else { return }
    let padding = [UInt8](repeating: 0, count: place.byteCount - part.count)
    try padding.withUnsafeBytes { try target.write($0, tensor: place.tensor, at: part.count) }
  }
}

extension ConversionPlan.Item {
  /// The bytes of the weight as it is read.
  fileprivate var byteCount: Int { weight.parts.reduce(0) { $0 + $1.byteCount } }
}
