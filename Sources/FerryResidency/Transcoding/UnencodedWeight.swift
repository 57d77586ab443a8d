import FerryDevices
import FerryFormats
import FerryTensors

/// A weight that has arrived in full precision and is not encoded yet.
struct UnencodedWeight: Sendable {
  let entry: WeightEntry
  /// The numbers, f32.
  let values: Tensor
  /// Where its parts belong.
  let view: WeightView

  /// Encodes the weight into its place.
  ///
  /// Nested statistics are there already, as the source had them: those that encoding derives from
  /// the decoded numbers go to memory that is thrown away.
  func encode(with transcoding: any WeightTranscoding, on context: DeviceContext) throws {
    guard case .fourBit(let format) = entry.format, format.isNested else {
      return try transcoding.quantize(values, into: view, on: context)
    }
    var parts = [view.payload]
    for statistics in view.parts.dropFirst() {
      let scratch = try context.allocate(byteCount: max(1, statistics.byteCount))
      parts.append(scratch.view[0, count: statistics.byteCount])
    }
    try transcoding.quantize(values, into: WeightView(entry, parts: parts), on: context)
  }

  /// Whether weights of this format travel in full precision.
  ///
  /// Dynamic 8-bit blocks do not: their table reaches 1 but not -1, so that a block whose largest
  /// magnitude is negative decodes to a smaller one, and encoding it again gives other bytes.
  static func decodes(_ format: WeightFormat) -> Bool {
    switch format {
    case .fourBit, .int8Rows: true
    case .plain, .dynamic8: false
    }
  }

  /// Whether the part travels as it is.
  static func keeps(_ part: WeightPart, of entry: WeightEntry) -> Bool {
    guard decodes(entry.format) else { return true }
    guard case .fourBit(let format) = entry.format, format.isNested else { return false }
    return part.role != .payload
  }
}
