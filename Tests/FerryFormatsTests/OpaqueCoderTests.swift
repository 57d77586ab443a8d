import FerryFormats
import Testing

/// Bytes of a type that is kept without being computed with.
@Suite struct OpaqueCoderTests {
  @Test(arguments: [0, 1, 1000]) func isOnePartOfItsSizeWhateverTheShape(byteCount: Int) {
    let format = WeightFormat.opaque(byteCount: byteCount)
    #expect(!format.isQuantized)
    for shape in [[], [3, 7], [0]] {
      #expect(format.parts(shape: shape) == [PartSpecification(.payload, .u8, count: byteCount)])
    }
  }

  @Test func isNeitherEncodedNorDecoded() throws {
    let format = WeightFormat.opaque(byteCount: 8)
    let encoding = #expect(throws: FormatError.self) {
      try QuantizedWeight(encoding: [1, 2], shape: [2], as: format)
    }
    #expect(encoding?.code == .unsupported)
    let weight = try QuantizedWeight(
      format: format, dtype: .u8, shape: [2], parts: [[1, 2, 3, 4, 5, 6, 7, 8]])
    let decoding = #expect(throws: FormatError.self) { try weight.decodedFloats() }
    #expect(decoding?.code == .unsupported)
    #expect(throws: FormatError.self) {
      try QuantizedWeight(format: format, dtype: .u8, shape: [8], parts: [[1]])
    }
  }
}
