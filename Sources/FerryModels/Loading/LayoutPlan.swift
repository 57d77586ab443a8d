import FerryCheckpoints
import FerryDevices
import FerryFormats
import FerryTensors

/// A layout, and for each of its entries the weight of the checkpoint that fills it.
struct LayoutPlan {
  /// The layout.
  let layout: WeightLayout
  /// The weights.
  let source: SourceWeights
  /// For each entry of the layout, its weight.
  let origins: [SourceWeight]

  /// The weights that a model asks for, in the order it needs them.
  init(_ source: SourceWeights, _ blueprint: any ModelBlueprint) throws {
    var matcher = WeightMatcher(source)
    let segments = try blueprint.segments.map { segment in
      Described(name: segment.name, weights: try segment.weights.map { try matcher.match($0) })
    }
    try matcher.checkNothingIsLeft()
    try self.init(source, segments)
  }

  /// All weights in file order: small ones share a segment of about `segmentByteCount`.
  init(inFileOrder source: SourceWeights, segmentByteCount: Int = 64 << 20) throws {
    var segments: [Described] = []
    var byteCount = 0
    for weight in source.weights {
      let size = weight.parts.reduce(0) { $0 + $1.byteCount }
      if segments.isEmpty || byteCount + size > segmentByteCount {
        segments.append(Described(name: weight.name, weights: []))
        byteCount = 0
      }
      segments[segments.count - 1].weights.append(NamedSource(names: [weight.name], weight: weight))
      byteCount += size
    }
    try self.init(source, segments)
  }

  private init(_ source: SourceWeights, _ segments: [Described]) throws {
    let descriptions = try segments.map { segment in
      var describer = WeightDescriber(source)
      return SegmentDescription(
        name: segment.name, weights: try segment.weights.map { try describer.description(of: $0) })
    }
    self.source = source
    layout = WeightLayout(planning: descriptions, files: source.checkpoint.files.map(\.sourceFile))
    origins = segments.flatMap { $0.weights.map(\.weight) }
  }

  /// Weights of one segment.
  private struct Described {
    var name: String
    var weights: [NamedSource]
  }
}

/// A weight under all the names it has in a layout.
struct NamedSource {
  let names: [String]
  let weight: SourceWeight
}

extension CheckpointFile {
  /// The file as layouts know it.
  var sourceFile: SourceFile {
    SourceFile(
      path: path,
      identity: FileIdentity(
        device: device, inode: inode, byteCount: byteCount, modified: modified))
  }
}

/// Describes the weights of one segment; tables of equal bytes become one.
private struct WeightDescriber {
  private let source: SourceWeights
  private var tables: [[UInt8]: Int] = [:]

  init(_ source: SourceWeights) { self.source = source }

  mutating func description(of named: NamedSource) throws -> WeightDescription {
    let weight = named.weight
    let sources = weight.parts.indices.map { part in
      source.isStoredAsIs(part: part, of: weight).map {
        FileRange(file: $0.file, offset: $0.offset)
      }
    }
    let contents = try weight.parts.enumerated().map { index, part in
      try table(part, index, of: weight)
    }
    return WeightDescription(
      names: named.names, format: weight.format, dtype: weight.elementType, shape: weight.shape,
      nestedOffset: weight.stored.nestedOffset, sources: sources, contents: contents)
  }

  /// A number for the bytes of a table; nil for what is no table.
  private mutating func table(_ part: PartSpecification, _ index: Int, of weight: SourceWeight)
    throws -> Int?
  {
    guard part.role == .nestedTable || part.role == .table else { return nil }
    var bytes = [UInt8](repeating: 0, count: part.byteCount)
    try bytes.withUnsafeMutableBytes { try source.read(part: index, of: weight, into: $0) }
    if let number = tables[bytes] { return number }
    tables[bytes] = tables.count
    return tables.count - 1
  }
}
