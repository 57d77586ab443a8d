public import FerryDevices

/// The bytes of a layout in one place, segment by segment, some of which may be absent.
///
/// An image is immutable once complete; whoever builds it writes into ``Slab``s first and hands it
/// finished segments.
public struct WeightImage: Sendable {
  /// How the bytes are held.
  public enum Storage: String, Sendable {
    /// The checkpoint files themselves.
    case mapped
    /// Host memory of this process.
    case pageable
    /// Host memory registered with a driver.
    case pinned
    /// Device memory.
    case device
  }

  /// What the bytes are.
  public let layout: WeightLayout
  /// Where they are.
  public let device: Device
  /// How they are held.
  public let storage: Storage
  /// The places of the segments; nil where a segment is absent.
  public private(set) var places: [SegmentPlace?]

  /// An image with no segment in it yet.
  public init(empty layout: WeightLayout, device: Device, storage: Storage) {
    self.layout = layout
    self.device = device
    self.storage = storage
    self.places = Array(repeating: nil, count: layout.segments.count)
  }

  /// The files of `layout`, mapped.
  public init(mapping layout: WeightLayout) throws(TensorError) {
    precondition(layout.isMappable, "a layout with parts outside files cannot be mapped")
    self.init(empty: layout, device: .cpu, storage: .mapped)
    var files: [MappedFile] = []
    for source in layout.files {
      let file = try MappedFile(path: source.path)
      guard file.source.identity == source.identity else {
        throw TensorError(
          .fileChanged, "\(source.path) changed while it was loaded; load the model again")
      }
      files.append(file)
    }
    places = layout.segments.map { _ in .mapped(files) }
  }

  /// Whether every segment is there.
  public var isComplete: Bool { places.allSatisfy { $0 != nil } }

  /// Puts a segment into its place, or takes it out.
  public mutating func set(_ place: SegmentPlace?, segment: Int) { places[segment] = place }

  /// Where a part of segment `segment` lies, if that segment is there.
  public func view(of part: WeightPart, segment: Int) -> BufferView? {
    places[segment].map { $0.view(of: part, in: layout.segments[segment]) }
  }

  /// The weights of a segment, if it is there.
  public func resident(segment index: Int) -> ResidentSegment? {
    guard let place = places[index] else { return nil }
    let segment = layout.segments[index]
    let weights = layout.entries[segment.entries].map { entry in
      WeightView(entry, parts: entry.parts.map { place.view(of: $0, in: segment) })
    }
    return ResidentSegment(weights: weights, firstEntry: segment.entries.lowerBound)
  }
}

/// Where the bytes of one segment lie.
public enum SegmentPlace: Sendable {
  /// In files: each part at its file range.
  case mapped([MappedFile])
  /// Assembled: the segment's image range, in one piece of memory.
  case assembled(BufferView)

  /// The bytes of a part of `segment`.
  public func view(of part: WeightPart, in segment: Segment) -> BufferView {
    switch self {
    case .mapped(let files):
      guard let source = part.source else { preconditionFailure("a mapped part has a source") }
      return files[source.file].view(offset: source.offset, byteCount: part.byteCount)
    case .assembled(let view):
      return view[part.imageOffset - segment.imageRange.lowerBound, count: part.byteCount]
    }
  }
}
