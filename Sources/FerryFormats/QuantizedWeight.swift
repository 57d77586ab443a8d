/// One weight in host memory with everything that its numbers depend on.
///
/// ```swift
/// let weight = try QuantizedWeight(
///   encoding: [0.5, -1, 0.25], shape: [3], as: .fourBit(FourBitFormat(.nf4)))
/// let values = try weight.decodedFloats()
/// ```
public struct QuantizedWeight: Hashable, Sendable {
  /// How the numbers are stored.
  public let format: WeightFormat
  /// The type that the elements had before they were encoded.
  public let dtype: ElementType
  /// The dimensions; [rows, columns] of a linear layer's weight.
  public let shape: [Int]
  /// The bytes, in the order of ``WeightFormat/parts(shape:)``.
  public let parts: [[UInt8]]
  /// What is added to every decoded nested absmax; 0 for other formats.
  public let nestedOffset: Float

  /// A weight that is already encoded.
  ///
  /// - Throws: `.wrongSize` if the parts do not have the sizes that format and shape ask for.
  public init(
    format: WeightFormat, dtype: ElementType, shape: [Int], parts: [[UInt8]],
    nestedOffset: Float = 0
  ) throws(FormatError) {
    try format.check(parts.map(\.count), shape: shape)
    self.format = format
    self.dtype = dtype
    self.shape = shape
    self.parts = parts
    self.nestedOffset = nestedOffset
  }

  /// Encodes row-major elements of `dtype`; errors are those of
  /// ``WeightFormat/encode(_:of:shape:into:)``.
  public init(
    encoding elements: UnsafeRawBufferPointer, of dtype: ElementType, shape: [Int],
    as format: WeightFormat
  ) throws(FormatError) {
    var parts = format.parts(shape: shape).map { [UInt8](repeating: 0, count: $0.byteCount) }
    nestedOffset = try parts.withMutableBytes { (buffers) throws(FormatError) in
      try format.encode(elements, of: dtype, shape: shape, into: buffers)
    }
    self.format = format
    self.dtype = dtype
    self.shape = shape
    self.parts = parts
  }

  /// Encodes row-major elements.
  public init(
    encoding elements: [Float], shape: [Int], as format: WeightFormat
  ) throws(FormatError) {
    self = try elements.withUnsafeBufferPointer { (elements) throws(FormatError) in
      try QuantizedWeight(
        encoding: UnsafeRawBufferPointer(elements), of: .f32, shape: shape, as: format)
    }
  }

  /// The elements as bytes of `type`; errors are those of
  /// ``WeightFormat/decode(parts:nestedOffset:shape:into:as:)``.
  public func decoded(as type: ElementType) throws(FormatError) -> [UInt8] {
    try decoded(elements: 0..<shape.elementCount, as: type)
  }

  /// The elements of a flat, row-major range as bytes of `type`.
  public func decoded(
    elements: Range<Int>, as type: ElementType
  ) throws(FormatError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: elements.count * type.byteCount)
    try output.withUnsafeMutableBufferPointer { (output) throws(FormatError) in
      try decode(elements, into: UnsafeMutableRawBufferPointer(output), as: type)
    }
    return output
  }

  /// Whole rows, slices of the first dimension, as bytes of `type`.
  public func decoded(rows: Range<Int>, as type: ElementType) throws(FormatError) -> [UInt8] {
    let columns = shape.dropFirst().reduce(1, *)
    return try decoded(
      elements: rows.lowerBound * columns..<rows.upperBound * columns, as: type)
  }

  /// The elements as f32.
  public func decodedFloats() throws(FormatError) -> [Float] {
    var output = [Float](repeating: 0, count: shape.elementCount)
    try output.withUnsafeMutableBufferPointer { (output) throws(FormatError) in
      try decode(0..<output.count, into: UnsafeMutableRawBufferPointer(output), as: .f32)
    }
    return output
  }

  private func decode(
    _ elements: Range<Int>, into output: UnsafeMutableRawBufferPointer, as type: ElementType
  ) throws(FormatError) {
    try parts.withBytes { (buffers) throws(FormatError) in
      try format.decode(
        elements: elements, parts: buffers, nestedOffset: nestedOffset, shape: shape,
        into: output, as: type)
    }
  }
}

extension [[UInt8]] {
  /// Lends the bytes of all arrays at once.
  func withBytes<Result>(
    _ body: ([UnsafeRawBufferPointer]) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try withBytes(after: [], body)
  }

  private func withBytes<Result>(
    after lent: [UnsafeRawBufferPointer],
    _ body: ([UnsafeRawBufferPointer]) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    guard lent.count < count else { return try body(lent) }
    return try self[lent.count].withUnsafeBufferPointer { (next) throws(FormatError) in
      try withBytes(after: lent + [UnsafeRawBufferPointer(next)], body)
    }
  }

  /// Lends the bytes of all arrays at once, to be written.
  mutating func withMutableBytes<Result>(
    _ body: ([UnsafeMutableRawBufferPointer]) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try withUnsafeMutableBufferPointer { (arrays) throws(FormatError) in
      try Self.lend(arrays, after: [], body)
    }
  }

  private static func lend<Result>(
    _ arrays: UnsafeMutableBufferPointer<[UInt8]>, after lent: [UnsafeMutableRawBufferPointer],
    _ body: ([UnsafeMutableRawBufferPointer]) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    guard lent.count < arrays.count else { return try body(lent) }
    return try arrays[lent.count].withUnsafeMutableBufferPointer { (next) throws(FormatError) in
      try lend(arrays, after: lent + [UnsafeMutableRawBufferPointer(next)], body)
    }
  }
}
