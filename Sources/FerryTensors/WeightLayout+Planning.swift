public import FerryFormats

/// A weight before it has a place.
public struct WeightDescription: Sendable {
  /// The full names, the canonical one first.
  public var names: [String]
  /// How its numbers are stored.
  public var format: WeightFormat
  /// The type the weight was quantized from, or is stored in when plain.
  public var dtype: ElementType
  /// The logical extents.
  public var shape: [Int]
  /// What is added to every decoded nested absmax.
  public var nestedOffset: Float
  /// Where each part lies in the files, in the order of ``WeightFormat/parts(shape:)``; nil for a
  /// part that will be made.
  public var sources: [FileRange?]
  /// For each part, a number that parts with equal bytes share (nested tables); nil: not shared.
  /// Within a segment, parts of one role and size with equal numbers get one place.
  public var contents: [Int?]

  /// A weight.
  public init(
    names: [String], format: WeightFormat, dtype: ElementType, shape: [Int],
    nestedOffset: Float = 0, sources: [FileRange?]? = nil, contents: [Int?]? = nil
  ) {
    let partCount = format.parts(shape: shape).count
    self.names = names
    self.format = format
    self.dtype = dtype
    self.shape = shape
    self.nestedOffset = nestedOffset
    self.sources = sources ?? Array(repeating: nil, count: partCount)
    self.contents = contents ?? Array(repeating: nil, count: partCount)
    precondition(self.sources.count == partCount && self.contents.count == partCount)
  }
}

/// Weights that are needed together, before they have a place.
public struct SegmentDescription: Sendable {
  /// A name for people.
  public var name: String
  /// The weights, in image order.
  public var weights: [WeightDescription]

  /// A segment.
  public init(name: String, weights: [WeightDescription]) {
    self.name = name
    self.weights = weights
  }
}

extension WeightLayout {
  /// Gives every part its place: segments in order, within a segment the weights in order.
  public init(planning segments: [SegmentDescription], files: [SourceFile] = []) {
    var planner = Planner()
    for segment in segments { planner.append(segment) }
    self.init(
      entries: planner.entries, segments: planner.segments, files: files,
      imageByteCount: planner.end)
  }
}

/// Bytes that parts of one kind and size share.
private struct SharedContent: Hashable {
  let number: Int
  let specification: PartSpecification
}

/// Lays parts one after the other.
private struct Planner {
  var entries: [WeightEntry] = []
  var segments: [Segment] = []
  var end = 0
  private var parts: [WeightPart] = []
  private var shared: [SharedContent: WeightPart] = [:]

  mutating func append(_ segment: SegmentDescription) {
    let start = end.rounded(upTo: WeightLayout.segmentAlignment)
    let firstEntry = entries.count
    (end, parts, shared) = (start, [], [:])
    for weight in segment.weights { append(weight) }
    segments.append(
      Segment(
        index: segments.count, name: segment.name, entries: firstEntry..<entries.count,
        imageRange: start..<end, parts: parts))
  }

  private mutating func append(_ weight: WeightDescription) {
    let specifications = weight.format.parts(shape: weight.shape)
    let placed = specifications.indices.map {
      place(specifications[$0], source: weight.sources[$0], content: weight.contents[$0])
    }
    entries.append(
      WeightEntry(
        names: weight.names, format: weight.format, dtype: weight.dtype, shape: weight.shape,
        parts: placed, nestedOffset: weight.nestedOffset, segment: segments.count))
  }

  private mutating func place(
    _ specification: PartSpecification, source: FileRange?, content: Int?
  ) -> WeightPart {
    let key = content.map { SharedContent(number: $0, specification: specification) }
    if let key, let part = shared[key] { return part }
    let offset = end.rounded(upTo: WeightLayout.partAlignment)
    let part = WeightPart(specification: specification, imageOffset: offset, source: source)
    end = offset + part.byteCount
    parts.append(part)
    if let key { shared[key] = part }
    return part
  }
}

extension Int {
  /// The least multiple of `step` that is not below `self`.
  package func rounded(upTo step: Int) -> Int { (self + step - 1) / step * step }
}
