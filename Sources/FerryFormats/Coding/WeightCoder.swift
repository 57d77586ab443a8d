/// One format: its parts, how elements become bytes, and how bytes become elements again.
///
/// A new format is one type that conforms, in one file, and its case in ``WeightFormat/coder``.
protocol WeightCoder {
  /// The parts of a weight of `shape`, payload first.
  func parts(shape: [Int]) -> [PartSpecification]

  /// Encodes all elements; the parts have the sizes that `parts(shape:)` says. Returns the nested
  /// offset, 0 where the format has none.
  func encode(
    _ source: ElementSource, shape: [Int], into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float

  /// Decodes the elements of a flat range, at most ``ElementSource/chunkSize`` of them, to f32.
  func decode(
    _ elements: Range<Int>, of weight: EncodedWeight, into output: UnsafeMutablePointer<Float>)
}

/// The bytes of one encoded weight, borrowed for a decode.
struct EncodedWeight {
  let parts: [UnsafeRawBufferPointer]
  let nestedOffset: Float
  let shape: [Int]

  /// The f32 at `index` of a part.
  @inline(__always)
  func float(_ index: Int, ofPart part: Int) -> Float {
    parts[part].loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Stores an f32 at `index`, at any alignment.
  @inline(__always)
  func store(_ value: Float, at index: Int) {
    storeBytes(of: value, toByteOffset: 4 * index, as: Float.self)
  }

  /// Stores a whole table of f32.
  func store(_ table: [Float]) {
    table.withUnsafeBytes { copyMemory(from: $0) }
  }
}

extension [Int] {
  /// The number of elements of this shape; 1 for no dimensions.
  var elementCount: Int { reduce(1, *) }
}
