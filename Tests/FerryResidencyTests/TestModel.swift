import FerryDevices
import FerryFormats
import FerryResidency
import FerryTensors
import Foundation

/// A made-up model: weights in every format, of which a file and a memory image hold the bytes.
final class TestModel: Sendable {
  /// What a model is like.
  enum Kind: String, CaseIterable {
    case mixed, plain, nestedAndTied, int8, dynamic8, manySmall, empty
  }

  let path: String
  let layout: WeightLayout
  /// The bytes of each segment's distinct parts.
  let contents: [[[UInt8]]]

  init(_ kind: Kind = .mixed, scrambled: Bool = false) throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "ferry-residency-\(UUID().uuidString)"
      ).path
    var writer = ModelWriter(descriptions: Self.descriptions(kind))
    let file = writer.file(scrambled: scrambled)
    try Data(file).write(to: URL(fileURLWithPath: path))
    let source = SourceFile(path: path, identity: try FileIdentity(path: path))
    layout = WeightLayout(planning: writer.descriptions, files: [source])
    contents = layout.segments.map { segment in
      segment.parts.map { part in
        guard let source = part.source else { return [] }
        return Array(file[source.offset..<(source.offset + part.byteCount)])
      }
    }
  }

  deinit { unlink(path) }

  /// The file, mapped.
  func mapped() throws -> WeightImage { try WeightImage(mapping: layout) }

  /// The bytes in host memory of their own, each segment in another piece.
  func pageable(_ host: DeviceContext) throws -> WeightImage {
    var image = WeightImage(empty: layout, device: .cpu, storage: .pageable)
    for segment in layout.segments {
      let memory = try host.allocate(byteCount: max(1, segment.imageRange.count))
      let place = SegmentPlace.assembled(memory.view[0, count: segment.imageRange.count])
      for (part, bytes) in zip(segment.parts, contents[segment.index]) {
        place.view(of: part, in: segment).mutableHostBytes?.copyBytes(from: bytes)
      }
      image.set(place, segment: segment.index)
    }
    return image
  }

  /// The checksums that every place must give.
  var checksums: [UInt64] {
    contents.map { parts in
      var checksum = Checksum()
      for part in parts { part.withUnsafeBytes { checksum.append($0) } }
      return checksum.value
    }
  }

  /// Whether `weights` has every byte, read without moving.
  func matches(_ weights: ResidentWeights) async throws -> Bool {
    for segment in layout.segments {
      let expected = contents[segment.index]
      let same = try await weights.withHostBytes(ofSegment: segment.index) { bytes in
        zip(segment.parts, expected).allSatisfy { bytes[$0].elementsEqual($1) }
      }
      if !same { return false }
    }
    return true
  }

  func truncate(to byteCount: Int) { _ = Glibc.truncate(path, off_t(byteCount)) }

  /// Writes one byte of the file in place, so that it is another state of the file.
  func touch() throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.write(contentsOf: [0x5a])
    try handle.close()
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 5)], ofItemAtPath: path)
  }
}

// MARK: - Shapes

extension TestModel {
  private static func descriptions(_ kind: Kind) -> [SegmentDescription] {
    switch kind {
    case .mixed: return mixed
    case .empty: return []
    case .plain: return layers([("w", .plain(.bf16), [33, 65]), ("norm", .plain(.f32), [65])])
    case .int8: return layers([("w", .int8Rows, [31, 129]), ("b", .plain(.f16), [31])])
    case .dynamic8: return layers([("w", .dynamic8(blockSize: 256), [37, 41])])
    case .nestedAndTied:
      return layers([("w", nested, [65, 67]), ("v", nested, [3, 5])], tied: true)
    case .manySmall:
      return (0..<40).map { segment in
        SegmentDescription(
          name: "experts.\(segment)",
          weights: (0..<50).map { weight("e.\(segment).\($0)", .plain(.u8), [$0 % 7 * 11]) })
      }
    }
  }

  private static let nested = WeightFormat.fourBit(
    FourBitFormat(.nf4, blockSize: 64, isNested: true))

  private static let mixed =
    layers([
      ("q", nested, [65, 67]), ("k", .fourBit(FourBitFormat(.fp4, blockSize: 128)), [7, 41]),
      ("v", .int8Rows, [19, 23]), ("o", .dynamic8(blockSize: 256), [300]),
      ("up", .plain(.f16), [130, 70]), ("none", .plain(.f32), [0, 4]),
    ]) + [
      SegmentDescription(name: "nothing", weights: []),
      SegmentDescription(name: "last", weights: [weight("last.norm", .plain(.f32), [1])]),
    ]

  private static func layers(
    _ weights: [(String, WeightFormat, [Int])], tied: Bool = false
  ) -> [SegmentDescription] {
    var embedding = weight("embed", .plain(.bf16), [50, 24])
    if tied { embedding.names.append("head") }
    let layers = (0..<4).map { layer in
      SegmentDescription(
        name: "layers.\(layer)",
        weights: weights.map { weight("layers.\(layer).\($0.0)", $0.1, $0.2) })
    }
    return [SegmentDescription(name: "embedding", weights: [embedding])] + layers
  }

  private static func weight(_ name: String, _ format: WeightFormat, _ shape: [Int])
    -> WeightDescription
  {
    let parts = format.parts(shape: shape)
    return WeightDescription(
      names: [name], format: format, dtype: .f32, shape: shape,
      contents: parts.map { $0.role == .nestedTable ? 1 : $0.role == .table ? 2 : nil })
  }
}

/// Gives every part of some weights a place in a file.
private struct ModelWriter {
  var descriptions: [SegmentDescription]
  private var random = SplitMix(state: 42)

  init(descriptions: [SegmentDescription]) { self.descriptions = descriptions }

  /// The file: parts one after the other at any alignment, in segment order or backwards with holes.
  mutating func file(scrambled: Bool) -> [UInt8] {
    var file: [UInt8] = [1, 2, 3]
    var shared: [Int: FileRange] = [:]
    var order = Array(descriptions.indices)
    if scrambled { order.reverse() }
    for segment in order {
      shared = [:]
      var weights = Array(descriptions[segment].weights.indices)
      if scrambled { weights.reverse() }
      for weight in weights { place(segment, weight, scrambled, &file, &shared) }
    }
    return file
  }

  private mutating func place(
    _ segment: Int, _ weight: Int, _ scrambled: Bool, _ file: inout [UInt8],
    _ shared: inout [Int: FileRange]
  ) {
    let description = descriptions[segment].weights[weight]
    let parts = description.format.parts(shape: description.shape)
    for (index, part) in parts.enumerated() {
      if let content = description.contents[index], let range = shared[content] {
        descriptions[segment].weights[weight].sources[index] = range
        continue
      }
      if scrambled { file += Array(repeating: 0xee, count: index * 2500) }
      let range = FileRange(file: 0, offset: file.count)
      descriptions[segment].weights[weight].sources[index] = range
      if let content = description.contents[index] { shared[content] = range }
      for _ in 0..<part.byteCount { file.append(UInt8(truncatingIfNeeded: random.next())) }
    }
  }
}

/// A small generator with a seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Checksum.mix(state)
  }
}
