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
    var done = 0
    for (item, placements) in zip(plan.items, plan.placements) {
      try Task.checkCancellation()
      let weight = try converter.convert(item)
      for placement in placements { try write(weight, of: item, at: placement, to: target) }
      done += item.byteCount
      progress(ConversionProgress(done: done, total: total))
    }
    try target.finish()
    return ConversionReport(
      destination: destination, converted: plan.converted, kept: plan.kept,
      bytesIn: source.checkpoint.files.reduce(0) { $0 + $1.byteCount },
      bytesOut: target.byteCount)
  }

  private func write(
    _ weight: ConvertedWeight, of item: ConversionPlan.Item, at placement: ConversionPlan.Placement,
    to target: ConversionTarget
  ) throws {
    switch placement.content {
    case .part(let index): try target.write(weight.parts[index], tensor: placement.tensor)
    case .constant(let bytes):
      try bytes.withUnsafeBytes { try target.write($0, tensor: placement.tensor) }
    case .document:
      let document = item.encoding.document(
        nestedOffset: weight.nestedOffset, byteCount: placement.byteCount)
      try document?.withUnsafeBytes { try target.write($0, tensor: placement.tensor) }
    }
  }
}

extension ConversionPlan.Item {
  /// The bytes of the weight as it is read.
  fileprivate var byteCount: Int { weight.parts.reduce(0) { $0 + $1.byteCount } }
}
