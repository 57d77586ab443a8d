import FerryFormats
import Testing

/// What all formats have in common: shapes, buffers, ranges, errors.
@Suite struct WeightCodingTests {
  static let formats: [WeightFormat] = [
    .plain(.f32), .plain(.f16), .plain(.bf16), .int8Rows, .dynamic8(blockSize: 50),
    .fourBit(FourBitFormat(.nf4, blockSize: 32)), .fourBit(FourBitFormat(.fp4, blockSize: 64)),
    .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)),
    .fourBit(FourBitFormat(.fp4, blockSize: 64, isNested: true)),
  ]

  private func weight(_ shape: [Int], _ format: WeightFormat) throws -> QuantizedWeight {
    var numbers = Numbers(seed: 11)
    return try QuantizedWeight(
      encoding: numbers.gaussian(shape.reduce(1, *)), shape: shape, as: format)
  }

  @Test(
    arguments: formats,
    [[], [1], [3], [5, 96], [3, 160], [7, 33], [2, 3, 17], [1, 4097], [65, 1]])
  func awkwardShapesDecodeCloseToTheirSource(format: WeightFormat, shape: [Int]) throws {
    var numbers = Numbers(seed: 11)
    let source = numbers.gaussian(shape.reduce(1, *))
    let weight = try QuantizedWeight(encoding: source, shape: shape, as: format)
    #expect(weight.parts.map(\.count) == format.parts(shape: shape).map(\.byteCount))
    let decoded = try weight.decodedFloats()
    #expect(decoded.count == source.count)
    let largest = source.map(\.magnitude).max() ?? 0
    for (x, y) in zip(source, decoded) { #expect(abs(x - y) <= 0.21 * largest) }
  }

  @Test(arguments: formats, [[0], [0, 64], [5, 0], [3, 0, 2]])
  func emptyTensorsPassThrough(format: WeightFormat, shape: [Int]) throws {
    let weight = try QuantizedWeight(encoding: [], shape: shape, as: format)
    #expect(weight.payload.isEmpty)
    #expect(weight.nestedOffset == 0)
    #expect(try weight.decodedFloats().isEmpty)
    if format == .int8Rows {
      #expect(weight.parts[1] == [UInt8](repeating: 0, count: 4 * (shape.first ?? 1)))
    }
  }

  @Test(arguments: formats, [ElementType.f32, .f16, .bf16])
  func anyRangeDecodesToItsSliceOfTheWhole(format: WeightFormat, type: ElementType) throws {
    let weight = try weight([9, 37], format)
    let whole = try weight.decoded(as: type)
    for range in [0..<333, 0..<1, 1..<2, 31..<33, 32..<65, 63..<200, 332..<333, 100..<100] {
      let part = try weight.decoded(elements: range, as: type)
      #expect(
        part == Array(whole[range.lowerBound * type.byteCount..<range.upperBound * type.byteCount]))
    }
    for rows in [0..<9, 2..<3, 8..<9, 4..<7, 5..<5] {
      #expect(
        try weight.decoded(rows: rows, as: type)
          == weight.decoded(elements: rows.lowerBound * 37..<rows.upperBound * 37, as: type))
    }
  }

  @Test(arguments: formats, [ElementType.f32, .f16, .bf16])
  func alignmentDoesNotMatter(format: WeightFormat, type: ElementType) throws {
    var numbers = Numbers(seed: 12)
    let source = try numbers.gaussian(77).bytes(as: type)
    let aligned = try source.withUnsafeBytes { bytes in
      try QuantizedWeight(encoding: bytes, of: type, shape: [7, 11], as: format)
    }
    var parts = aligned.parts.map { [UInt8](repeating: 0, count: $0.count + 1) }
    let offset = try ([0] + source).withUnsafeBytes { bytes in
      try parts.withMisalignedBuffers { parts in
        try format.encode(
          UnsafeRawBufferPointer(rebasing: bytes[1...]), of: type, shape: [7, 11], into: parts)
      }
    }
    #expect(offset == aligned.nestedOffset)
    #expect(parts.map { Array($0.dropFirst()) } == aligned.parts)
    var output = [UInt8](repeating: 0, count: 77 * type.byteCount + 1)
    try parts.withMisalignedBuffers { parts in
      try output.withUnsafeMutableBytes { output in
        try format.decode(
          parts: parts.map { UnsafeRawBufferPointer($0) }, nestedOffset: offset, shape: [7, 11],
          into: UnsafeMutableRawBufferPointer(rebasing: output[1...]), as: type)
      }
    }
    #expect(try Array(output.dropFirst()) == aligned.decoded(as: type))
  }

  @Test(arguments: formats.dropFirst(), [Float.nan, .infinity, -.infinity, .signalingNaN])
  func whatIsNotFiniteIsAnErrorWithItsIndex(format: WeightFormat, value: Float) throws {
    var elements = [Float](repeating: 1, count: 9_000)
    elements[8_200] = value
    elements[8_300] = .nan
    let error = #expect(throws: FormatError.self) {
      try QuantizedWeight(encoding: elements, shape: [2, 4500], as: format)
    }
    #expect(error?.code == .notFinite)
    #expect(error?.index == 8_200)
    #expect(error?.message.contains("8200") == true)
  }

  @Test(arguments: [ElementType.f16, .bf16])
  func sixteenBitInfinityIsAnErrorToo(type: ElementType) throws {
    let infinity: [UInt8] = type == .f16 ? [0x00, 0xfc] : [0x80, 0xff]
    let source = try [Float(1), 2].bytes(as: type) + infinity
    for format in Self.formats where format != .plain(type) {
      let error = #expect(throws: FormatError.self) {
        try source.withUnsafeBytes { bytes in
          try QuantizedWeight(encoding: bytes, of: type, shape: [3], as: format)
        }
      }
      #expect(error?.code == .notFinite && error?.index == 2)
    }
  }

  @Test(arguments: formats)
  func wrongSizesAreErrors(format: WeightFormat) throws {
    let elements = [Float](repeating: 1, count: 12)
    let source = #expect(throws: FormatError.self) {
      try QuantizedWeight(encoding: elements, shape: [13], as: format)
    }
    #expect(source?.code == .wrongSize)
    let weight = try QuantizedWeight(encoding: elements, shape: [12], as: format)
    for part in weight.parts.indices {
      var parts = weight.parts
      parts[part].removeLast()
      let short = #expect(throws: FormatError.self) {
        try QuantizedWeight(format: format, dtype: .f32, shape: [12], parts: parts)
      }
      #expect(short?.code == .wrongSize)
    }
    let missing = #expect(throws: FormatError.self) {
      try QuantizedWeight(
        format: format, dtype: .f32, shape: [12], parts: Array(weight.parts.dropLast()))
    }
    #expect(missing?.code == .wrongSize)
  }

  @Test(arguments: formats)
  func otherElementTypesAreErrors(format: WeightFormat) throws {
    let error = #expect(throws: FormatError.self) {
      try [UInt8](repeating: 0, count: 8).withUnsafeBytes { bytes in
        try QuantizedWeight(encoding: bytes, of: .f64, shape: [1], as: format)
      }
    }
    #expect(error?.code == .unsupported)
    let weight = try QuantizedWeight(encoding: [1], shape: [1], as: format)
    #expect(throws: FormatError.self) { try weight.decoded(as: .f64) }
  }
}

extension [[UInt8]] {
  /// Lends each array without its first byte.
  fileprivate mutating func withMisalignedBuffers<Result>(
    _ body: ([UnsafeMutableRawBufferPointer]) throws -> Result
  ) throws -> Result {
    let buffers = map { array in
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: array.count, alignment: 16)
      buffer.copyBytes(from: array)
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    let result = try body(buffers.map { UnsafeMutableRawBufferPointer(rebasing: $0[1...]) })
    self = buffers.map { [UInt8]($0) }
    return result
  }
}
