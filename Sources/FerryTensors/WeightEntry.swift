public import FerryFormats

/// One weight of a layout: what it is, and where each of its parts lies.
///
/// Tied weights are one entry with several names.
public struct WeightEntry: Sendable {
  /// The full names in the checkpoint, the canonical one first ("model.embed_tokens.weight").
  public let names: [String]
  /// How its numbers are stored.
  public let format: WeightFormat
  /// The type the weight was quantized from, or is stored in when plain.
  public let dtype: ElementType
  /// The logical extents: [out features, in features] for a linear layer.
  public let shape: [Int]
  /// Where its parts lie, in the order of ``WeightFormat/parts(shape:)``.
  public let parts: [WeightPart]
  /// What is added to every decoded nested absmax; 0 for other formats.
  public let nestedOffset: Float
  /// The segment the weight belongs to.
  public let segment: Int

  /// The canonical name.
  public var name: String { names[0] }

  /// How many elements the weight has.
  public var count: Int { shape.reduce(1, *) }

  /// The bytes of all its parts.
  public var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
}

/// One part of a weight, and where it lies.
public struct WeightPart: Sendable {
  /// What it is.
  public let specification: PartSpecification
  /// Where it lies in an assembled image, in bytes; a multiple of ``WeightLayout/partAlignment``.
  public let imageOffset: Int
  /// Where it lies in the files; nil for a part that was made and not read.
  public let source: FileRange?

  /// The size in bytes.
  public var byteCount: Int { specification.byteCount }
  /// What the part is for.
  public var role: PartRole { specification.role }
}

/// A run of bytes in one of a layout's files.
public struct FileRange: Hashable, Sendable {
  /// The number of the file in ``WeightLayout/files``.
  public let file: Int
  /// The first byte.
  public let offset: Int

  /// A run that starts there.
  public init(file: Int, offset: Int) {
    self.file = file
    self.offset = offset
  }
}
