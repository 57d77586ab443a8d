/// The weights of a model as one image made of segments, in the order a forward pass needs them.
///
/// A layout holds no weight bytes. Three kinds of image follow it: *mapped* (the files themselves),
/// and *assembled* in host or device memory, where a part lies at its image offset:
///
///     image   │ segment 0            │ pad │ segment 1       …
///     segment │ payload │ absmax │ pad │ payload │ …
public struct WeightLayout: Sendable {
  /// Parts of an assembled image start at multiples of this many bytes.
  public static let partAlignment = 256
  /// Segments of an assembled image start at multiples of this many bytes.
  public static let segmentAlignment = 4096

  /// The weights, in segment order.
  public let entries: [WeightEntry]
  /// The segments, in the order of the forward pass.
  public let segments: [Segment]
  /// The files that mapped parts lie in.
  public let files: [SourceFile]
  /// The length of an assembled image in bytes, padding included.
  public let imageByteCount: Int
  private let indexByName: [ExactName: Int]

  init(entries: [WeightEntry], segments: [Segment], files: [SourceFile], imageByteCount: Int) {
    self.entries = entries
    self.segments = segments
    self.files = files
    self.imageByteCount = imageByteCount
    var indexByName: [ExactName: Int] = [:]
    for (index, entry) in entries.enumerated() {
      for name in entry.names { indexByName[ExactName(text: name)] = index }
    }
    self.indexByName = indexByName
  }

  /// The number of the weight with this name, canonical or tied.
  public func index(of name: String) -> Int? { indexByName[ExactName(text: name)] }

  /// The bytes of all parts, without padding.
  public var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }

  /// Whether every part lies in a file, so that the image can be mapped.
  public var isMappable: Bool {
    segments.allSatisfy { $0.parts.allSatisfy { $0.source != nil } }
  }
}

/// A name compared by its bytes: `String` takes a composed and a decomposed accent for the same text,
/// and a checkpoint does not.
private struct ExactName: Hashable {
  let text: String

  static func == (left: ExactName, right: ExactName) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

/// A file that holds weights, as it was when it was read.
public struct SourceFile: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// What it was: another identity later means other bytes.
  public let identity: FileIdentity

  /// A file.
  public init(path: String, identity: FileIdentity) {
    self.path = path
    self.identity = identity
  }
}

/// What tells one state of a file from another.
public struct FileIdentity: Hashable, Sendable {
  /// The device and inode numbers.
  public var device: UInt64, inode: UInt64
  /// The size in bytes.
  public var byteCount: Int
  /// The time of the last modification, in nanoseconds since 1970.
  public var modified: Int64

  /// An identity.
  public init(device: UInt64, inode: UInt64, byteCount: Int, modified: Int64) {
    self.device = device
    self.inode = inode
    self.byteCount = byteCount
    self.modified = modified
  }
}
