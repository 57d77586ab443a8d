import FerryDevices
import FerryFormats
import FerryModels
import FerryTensors

/// A model quantized in memory by the reference encoder, as `ferry quantize` selects weights.
struct QuantizedImage {
  let image: WeightImage

  /// Quantizes the linear weights of `source` to `format`; nil: everything stays as it is.
  init(_ source: SourceWeights, format: WeightFormat?, on host: DeviceContext) throws {
    struct NotAModel: Error {}
    guard let blueprint = source.blueprint else { throw NotAModel() }
    let quantized = Set(format == nil ? [] : source.quantizableLinears)
    var offsets: [String: Float] = [:]
    var bytes: [String: [[UInt8]]] = [:]
    for weight in blueprint.segments.flatMap(\.weights) {
      guard let stored = source[weight.names[0]] else { throw NotAModel() }
      let target = quantized.contains(stored.name) ? format ?? stored.format : stored.format
      (bytes[stored.name], offsets[stored.name]) = try Self.encoded(stored, of: source, as: target)
    }
    let segments = blueprint.segments.map { segment in
      SegmentDescription(
        name: segment.name,
        weights: segment.weights.compactMap { weight in
          source[weight.names[0]].map { stored in
            WeightDescription(
              names: weight.names,
              format: quantized.contains(stored.name) ? format ?? stored.format : stored.format,
              dtype: stored.elementType, shape: stored.shape,
              nestedOffset: offsets[stored.name] ?? 0)
          }
        })
    }
    image = try Self.assembled(WeightLayout(planning: segments), bytes, on: host)
  }

  private static func encoded(
    _ weight: SourceWeight, of source: SourceWeights, as format: WeightFormat
  ) throws -> ([[UInt8]], Float) {
    var elements = [UInt8](repeating: 0, count: weight.parts[0].byteCount)
    try elements.withUnsafeMutableBytes { try source.read(weight, into: $0) }
    let buffers = format.parts(shape: weight.shape).map {
      UnsafeMutableRawBufferPointer.allocate(byteCount: $0.byteCount, alignment: 64)
    }
    defer { buffers.forEach { $0.deallocate() } }
    let offset = try elements.withUnsafeBytes { bytes in
      try format.encode(bytes, of: weight.elementType, shape: weight.shape, into: buffers)
    }
    return (buffers.map { Array($0) }, offset)
  }

  private static func assembled(
    _ layout: WeightLayout, _ bytes: [String: [[UInt8]]], on host: DeviceContext
  ) throws -> WeightImage {
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    for segment in layout.segments {
      let memory = try host.allocate(byteCount: segment.imageRange.count).view
      for entry in layout.entries[segment.entries] {
        for (part, source) in zip(entry.parts, bytes[entry.name] ?? []) {
          SegmentPlace.assembled(memory).view(of: part, in: segment).mutableHostBytes?
            .copyBytes(from: source)
        }
      }
      image.set(.assembled(memory), segment: segment.index)
    }
    return image
  }
}
