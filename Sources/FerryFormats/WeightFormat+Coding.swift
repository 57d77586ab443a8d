extension WeightFormat {
  /// What encodes and decodes this format.
  var coder: any WeightCoder {
    switch self {
    case .plain(let type): PlainCoder(type: type)
    case .fourBit(let format): FourBitCoder(format: format)
    case .int8Rows: Int8RowsCoder()
    case .dynamic8(let blockSize): Dynamic8Coder(blockSize: blockSize)
    case .opaque(let byteCount): OpaqueCoder(byteCount: byteCount)
    }
  }

  /// Encodes a weight: this is the specification that every other encoder equals byte for byte.
  ///
  /// Each format's coder states its operations; none is contracted into a fused one. Beside its
  /// result it needs memory for one chunk of elements, and for the absmax values of a nested format.
  ///
  /// - Parameters:
  ///   - source: the elements, row-major, at any alignment.
  ///   - elementType: f32, f16 or bf16; for a plain format also the format's own type.
  ///   - shape: the weight's dimensions; any may be 0, and there may be none.
  ///   - parts: room for the parts that ``parts(shape:)`` lists, at any alignment.
  /// - Returns: what is added to every decoded nested absmax; 0 if the format is not nested.
  /// - Throws: `.notFinite` and `.exceedsHalf` with the flat index of the first such element of its
  ///   block or row, `.wrongSize`, `.unsupported`. The parts then hold nothing of use.
  public func encode(
    _ source: UnsafeRawBufferPointer, of elementType: ElementType, shape: [Int],
    into parts: [UnsafeMutableRawBufferPointer]
  ) throws(FormatError) -> Float {
    try check(source.count, elementType, count: shape.elementCount)
    try check(parts.map(\.count), shape: shape)
    if case .plain(elementType) = self {
      parts[0].copyMemory(from: source)
      return 0
    }
    guard elementType.isWeightFloat, convertsFloats else {
      throw .unsupported(elementType, as: self)
    }
    return try coder.encode(ElementSource(source, of: elementType), shape: shape, into: parts)
  }

  /// Decodes a weight: `encode` of the result gives the same payload again, through f32, where every
  /// decoded absmax is a normal positive number.
  ///
  /// - Parameters:
  ///   - parts: the parts that ``parts(shape:)`` lists, at any alignment.
  ///   - nestedOffset: what `encode` returned, or the checkpoint's `nested_offset`.
  ///   - shape: the weight's dimensions.
  ///   - output: room for all elements, at any alignment.
  ///   - elementType: f32, f16 or bf16 (rounded once, to nearest, ties to even; beyond f16's range
  ///     to infinity); for a plain format also the format's own type.
  /// - Throws: `.wrongSize`, `.unsupported`.
  public func decode(
    parts: [UnsafeRawBufferPointer], nestedOffset: Float = 0, shape: [Int],
    into output: UnsafeMutableRawBufferPointer, as elementType: ElementType
  ) throws(FormatError) {
    try decode(
      elements: 0..<shape.elementCount, parts: parts, nestedOffset: nestedOffset, shape: shape,
      into: output, as: elementType)
  }

  /// Decodes the elements of a flat, row-major range; `output` has room for just these.
  ///
  /// Parameters and errors are those of the decoding of a whole weight. A range that leaves the
  /// weight is a programmer error.
  public func decode(
    elements: Range<Int>, parts: [UnsafeRawBufferPointer], nestedOffset: Float = 0, shape: [Int],
    into output: UnsafeMutableRawBufferPointer, as elementType: ElementType
  ) throws(FormatError) {
    precondition(elements.lowerBound >= 0 && elements.upperBound <= shape.elementCount)
    try check(output.count, elementType, count: elements.count)
    try check(parts.map(\.count), shape: shape)
    if case .plain(elementType) = self {
      let size = elementType.byteCount
      let range = elements.lowerBound * size..<elements.upperBound * size
      return output.copyMemory(from: UnsafeRawBufferPointer(rebasing: parts[0][range]))
    }
    guard elementType.isWeightFloat, convertsFloats else {
      throw .unsupported(elementType, as: self)
    }
    let weight = EncodedWeight(parts: parts, nestedOffset: nestedOffset, shape: shape)
    decode(elements, of: weight, into: ElementSink(output, of: elementType))
  }

  /// Decodes whole rows, slices of the first dimension; `output` has room for just these.
  ///
  /// Parameters and errors are those of the decoding of a whole weight.
  public func decode(
    rows: Range<Int>, parts: [UnsafeRawBufferPointer], nestedOffset: Float = 0, shape: [Int],
    into output: UnsafeMutableRawBufferPointer, as elementType: ElementType
  ) throws(FormatError) {
    let columns = shape.dropFirst().reduce(1, *)
    try decode(
      elements: rows.lowerBound * columns..<rows.upperBound * columns, parts: parts,
      nestedOffset: nestedOffset, shape: shape, into: output, as: elementType)
  }

  private func decode(_ elements: Range<Int>, of weight: EncodedWeight, into sink: ElementSink) {
    let capacity = min(ElementSource.chunkSize, elements.count)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
    defer { scratch.deallocate() }
    let coder = coder
    var start = elements.lowerBound
    while start < elements.upperBound {
      let end = min(start + capacity, elements.upperBound)
      coder.decode(start..<end, of: weight, into: scratch)
      let chunk = UnsafeMutableBufferPointer(start: scratch, count: end - start)
      sink.store(chunk, at: start - elements.lowerBound)
      start = end
    }
  }

  /// Whether elements are computed with, rather than only copied.
  private var convertsFloats: Bool {
    switch self {
    case .plain(let type): type.isWeightFloat
    case .opaque: false
    case .fourBit, .int8Rows, .dynamic8: true
    }
  }
}
