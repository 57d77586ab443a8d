import FerryFormats
import Testing

@Suite struct Dynamic8CoderTests {
  private func encoded(_ elements: [Float], blockSize: Int = 64) throws -> QuantizedWeight {
    try QuantizedWeight(
      encoding: elements, shape: [elements.count], as: .dynamic8(blockSize: blockSize))
  }

  @Test func codesAreTheNearestOnesAndTiesGoToTheSmallerValue() throws {
    for (code, midpoint) in CodeBook.dynamic8.midpoints.enumerated() {
      let payload = try encoded([1, midpoint, midpoint.nextUp, CodeTables.dynamic8[code]]).payload
      #expect(payload.dropFirst() == [UInt8(code), UInt8(code + 1), UInt8(code)])
    }
  }

  @Test func zeroBlocksAreCode127() throws {
    let weight = try encoded([0, -0.0, 0])
    #expect(weight.payload == [127, 127, 127])
    #expect(weight.parts[1] == [0, 0, 0, 0])
    #expect(weight.parts[2] == CodeTables.dynamic8.bytes)
  }

  @Test func thereIsNoMinusOne() throws {
    let weight = try encoded([-3, 1.5])
    #expect(weight.payload[0] == 0)
    #expect(try weight.decodedFloats()[0] == CodeTables.dynamic8[0] * 3)
  }

  @Test func blocksLongerThanAChunkHaveOneScale() throws {
    var elements = [Float](repeating: 1, count: 9_000)
    elements[8_191] = 4
    let weight = try encoded(elements, blockSize: 8_192)
    #expect(weight.parts[1].floats == [4, 1])
    #expect(weight.payload[8_191] == 255 && weight.payload[8_192] == 255)
    #expect(Set(weight.payload[..<8_191]).count == 1)
  }

  @Test func theStoredTableIsTheOneThatDecodes() throws {
    let weight = try QuantizedWeight(
      format: .dynamic8(blockSize: 2), dtype: .f32, shape: [3],
      parts: [[0, 127, 255], [Float(1), 2].bytes, CodeTables.dynamic8Unsigned.bytes])
    #expect(try weight.decodedFloats() == [0, 0.103515625, 2])
  }
}
