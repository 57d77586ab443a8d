import FerryDevices
import FerryFormats
import FerryTensors

/// A weight with bytes that encoding made, and what was done to them afterwards.
struct QuantizedWeight {
  let format: WeightFormat
  let shape: [Int]
  /// The bytes, part by part.
  var parts: [[UInt8]]
  /// What is added to every decoded nested absmax.
  var nestedOffset: Float

  init(_ format: WeightFormat, _ shape: [Int], _ random: inout SplitMix) throws {
    self.format = format
    self.shape = shape
    let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &random) }
    if case .plain(let type) = format {
      parts = [
        (0..<values.count * type.byteCount).map { _ in UInt8.random(in: 0...9, using: &random) }
      ]
      nestedOffset = 0
      return
    }
    let parts = format.parts(shape: shape).map {
      UnsafeMutableRawBufferPointer.allocate(byteCount: $0.byteCount, alignment: 16)
    }
    defer { for part in parts { part.deallocate() } }
    nestedOffset = try values.withUnsafeBytes {
      try format.encode($0, of: .f32, shape: shape, into: parts)
    }
    self.parts = parts.map { Array($0) }
  }

  /// Puts a number into a part of f32.
  mutating func set(_ value: Float, part: Int, at index: Int) {
    parts[part].withUnsafeMutableBytes {
      $0.storeBytes(of: value, toByteOffset: 4 * index, as: Float.self)
    }
  }

  /// Segments of such weights, in host memory.
  static func image(_ segments: [[QuantizedWeight]], _ host: DeviceContext) throws -> WeightImage {
    let layout = WeightLayout(
      planning: segments.enumerated().map { segment, weights in
        SegmentDescription(
          name: "layers.\(segment)",
          weights: weights.enumerated().map { $1.description("\(segment).\($0)") })
      })
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    for (segment, weights) in zip(layout.segments, segments) {
      let memory = try host.allocate(byteCount: segment.imageRange.count)
      image.set(.assembled(memory.view), segment: segment.index)
      for (entry, weight) in zip(layout.entries[segment.entries], weights) {
        for (part, bytes) in zip(entry.parts, weight.parts) {
          image.view(of: part, segment: segment.index)?.mutableHostBytes?.copyBytes(from: bytes)
        }
      }
    }
    return image
  }

  private func description(_ name: String) -> WeightDescription {
    WeightDescription(
      names: [name], format: format, dtype: .f32, shape: shape, nestedOffset: nestedOffset,
      contents: format.parts(shape: shape).map { $0.role == .nestedTable ? 1 : nil })
  }
}

extension WeightLayout {
  /// The bytes that travel when every 4-bit and int8 payload does so as f32.
  var fullPrecisionByteCount: Int {
    let payloads = entries.filter(\.isDecoded)
    return byteCount
      + payloads.reduce(0) { $0 + 4 * $1.count - $1.parts[0].byteCount }
  }
}

extension WeightEntry {
  fileprivate var isDecoded: Bool {
    switch format {
    case .fourBit, .int8Rows: true
    case .plain, .dynamic8, .opaque: false
    }
  }
}
