import FerryDevices
import FerryFormats
import FerryTensors

/// A weight in full precision that is not encoded yet.
struct UnencodedWeight: Sendable {
  let entry: WeightEntry
  /// The numbers, f32.
  let values: Tensor
  /// Where its parts belong.
  let view: WeightView
  /// The checksum of the payload that the numbers were decoded from.
  let payloadChecksum: UInt64

  /// Encodes the payload into its place; whether it is the one that the numbers were decoded from.
  ///
  /// Other encoders' payloads need not come back: FP4 has two codes for zero, statistics may be larger
  /// than the largest element, too small to divide by or too large for the format, or negative where
  /// they are nested. The place then holds nothing of use.
  ///
  /// The statistics are there already, as the source had them: those that encoding derives from the
  /// decoded numbers go to memory that is thrown away.
  func encode(with transcoding: any WeightTranscoding, on context: DeviceContext) throws -> Bool {
    var parts = [view.payload]
    for statistics in view.parts.dropFirst() {
      let scratch = try context.allocate(byteCount: max(1, statistics.byteCount))
      parts.append(scratch.view[0, count: statistics.byteCount])
    }
    do {
      try transcoding.quantize(values, into: WeightView(entry, parts: parts), on: context)
    } catch let error as FormatError where [.notFinite, .exceedsHalf].contains(error.code) {
      return false
    }
    return try context.download.checksum([view.payload]) == payloadChecksum
  }

  /// Whether weights of this format travel in full precision.
  ///
  /// Dynamic 8-bit blocks do not: their table reaches 1 but not -1, so that a block whose largest
  /// magnitude is negative decodes to a smaller one, and encoding it again gives other bytes.
  static func decodes(_ format: WeightFormat) -> Bool {
    switch format {
    case .fourBit, .int8Rows: true
    case .plain, .dynamic8, .opaque: false
    }
  }

  /// Whether the part travels as it is: all but the elements of quantized weights do.
  static func keeps(_ part: WeightPart, of entry: WeightEntry) -> Bool {
    !decodes(entry.format) || part.role != .payload
  }
}
