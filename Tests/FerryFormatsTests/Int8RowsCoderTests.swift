import FerryFormats
import Testing

@Suite struct Int8RowsCoderTests {
  private func encoded(_ elements: [Float], rows: Int = 1) throws -> QuantizedWeight {
    try QuantizedWeight(
      encoding: elements, shape: [rows, elements.count / rows], as: .int8Rows)
  }

  private func codes(_ elements: [Float], rows: Int = 1) throws -> [Int8] {
    try encoded(elements, rows: rows).payload.map(Int8.init(bitPattern:))
  }

  @Test func halvesGoToEven() throws {
    #expect(try codes([127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3]) == [127, 0, 2, 2, 0, -2, -2, 3])
  }

  @Test func everyRowHasItsOwnScale() throws {
    let weight = try encoded([1, -0.5, 0, 0, -8, 4], rows: 3)
    #expect(weight.parts[1].floats == [1, 0, 8])
    #expect(weight.payload.map(Int8.init(bitPattern:)) == [127, -64, 0, 0, -127, 64])
  }

  @Test func elementsAreRoundedToHalfFirst() throws {
    let weight = try encoded([2049, 2051, 1])
    #expect(weight.parts[1].floats == [2052])
    #expect(try encoded([1 + 0x1p-11, 0]).parts[1].floats == [1])
    // 0.5 + 2^-13 is 0.5 in f16, a tie that goes to even; unrounded it would be 1.
    #expect(try codes([127, 0.5 + 0x1p-13]) == [127, 0])
  }

  @Test func whatIsBeyondHalfIsAnError() throws {
    #expect(try encoded([65504, -65504]).payload == [127, 129])
    for beyond: Float in [Float(65504).nextUp, -65519, 1e30] {
      let error = #expect(throws: FormatError.self) { try encoded([0, 1, 2, beyond], rows: 2) }
      #expect(error?.code == .exceedsHalf)
      #expect(error?.index == 3)
    }
    let large = [BFloat16(65536), BFloat16(1)]
    let error = #expect(throws: FormatError.self) {
      try large.withUnsafeBytes {
        try QuantizedWeight(encoding: $0, of: .bf16, shape: [1, 2], as: .int8Rows)
      }
    }
    #expect(error?.code == .exceedsHalf && error?.index == 0)
  }

  @Test func tinyRowsBecomeZeroOrKeepTheirSubnormals() throws {
    #expect(try encoded([1e-9, -1e-9]).parts == [[0, 0], [0, 0, 0, 0]])
    let weight = try encoded([0x1p-24, -0x1p-24])
    #expect(weight.parts[1].floats == [0x1p-24])
    #expect(weight.payload == [127, 129])
  }

  @Test func decodingIsTwoRoundedProducts() throws {
    var numbers = Numbers(seed: 10)
    let absmax = numbers.uniform(16).map { Float($0.magnitude) + 0.1 }
    let codes = (0..<256).map { UInt8(truncatingIfNeeded: $0) }
    let weight = try QuantizedWeight(
      format: .int8Rows, dtype: .bf16, shape: [16, 256],
      parts: [(0..<16).flatMap { _ in codes }, absmax.bytes])
    let decoded = try weight.decodedFloats()
    for (i, value) in decoded.enumerated() {
      let code = Double(Int8(bitPattern: codes[i % 256]))
      let product = Float(code * Double(absmax[i / 256]))
      #expect(value == Float(Double(product) * Double(Float(bitPattern: 0x3c01_0204))))
    }
  }

  @Test func rowsLongerThanAChunkAreOneRow() throws {
    var elements = [Float](repeating: 0.5, count: 10_001)
    elements[9_999] = -2
    let weight = try encoded(elements)
    #expect(weight.parts[1].floats == [2])
    #expect(weight.payload[9_999] == 129)
    #expect(weight.payload.filter { $0 == 32 }.count == 10_000)
  }
}
