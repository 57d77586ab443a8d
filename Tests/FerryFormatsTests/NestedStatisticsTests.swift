import FerryFormats
import Testing

@Suite struct NestedStatisticsTests {
  /// A weight of blocks of 32 whose first elements are `absmax`.
  private func encoded(absmax: [Float]) throws -> QuantizedWeight {
    let elements = absmax.flatMap { [$0] + [Float](repeating: 0, count: 31) }
    return try QuantizedWeight(
      encoding: elements, shape: [absmax.count, 32],
      as: .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)))
  }

  @Test func offsetIsTheMeanOfASumInDoublePrecisionAndIndexOrder() throws {
    var numbers = Numbers(seed: 6)
    let absmax = numbers.uniform(300).map { $0.magnitude + 1e-3 }
    var sum = 0.0
    for value in absmax { sum += Double(value) }
    #expect(try encoded(absmax: absmax).nestedOffset == Float(sum / 300))
    // In f32 the small ones would vanish.
    #expect(try encoded(absmax: [0x1p24, 1, 1, 1]).nestedOffset == Float((0x1p24 + 3) / 4))
  }

  @Test func blocksOf256ShareOneScale() throws {
    let absmax = (0..<600).map { Float($0 < 256 ? 1 : $0 < 512 ? 2 : 4) }
    let weight = try encoded(absmax: absmax)
    let offset = weight.nestedOffset
    #expect(weight.parts[1].count == 600)
    #expect(weight.parts[2].floats == [abs(1 - offset), abs(2 - offset), abs(4 - offset)])
    #expect(weight.parts[3] == CodeTables.dynamic8.bytes)
  }

  @Test func codesAreTheNearestOnes() throws {
    var numbers = Numbers(seed: 7)
    let absmax = numbers.uniform(500).map { $0.magnitude + 0.25 }
    let weight = try encoded(absmax: absmax)
    let scales = weight.parts[2].floats
    for (i, code) in weight.parts[1].enumerated() {
      let difference = absmax[i] - weight.nestedOffset
      let v = Double(difference * (1 / scales[i / 256]))
      let errors = CodeTables.dynamic8.map { abs(Double($0) - v) }
      #expect(errors[Int(code)] <= (errors.min() ?? 0) + 1e-7)
    }
  }

  @Test func productAndSumAreRoundedSeparately() throws {
    var numbers = Numbers(seed: 9)
    var decisive = 0
    for _ in 0..<200 {
      let (scale, offset) = (numbers.uniform(1)[0].magnitude + 0.1, numbers.uniform(1)[0] + 1)
      let code = UInt8.random(in: 0...255, using: &numbers)
      let weight = try QuantizedWeight(
        format: .fourBit(FourBitFormat(.nf4, blockSize: 32, isNested: true)), dtype: .f32,
        shape: [1], parts: [[0xf7], [code], [scale].bytes, CodeTables.dynamic8.bytes],
        nestedOffset: offset)
      let entry = CodeTables.dynamic8[Int(code)]
      let product = Float(Double(entry) * Double(scale))
      #expect(try weight.decodedFloats() == [Float(Double(product) + Double(offset))])
      if try weight.decodedFloats() != [offset.addingProduct(entry, scale)] { decisive += 1 }
    }
    #expect(decisive > 5)
  }

  @Test func aSingleBlockIsItsOwnMean() throws {
    let weight = try encoded(absmax: [0.3])
    #expect(weight.nestedOffset == 0.3)
    #expect(weight.parts[1] == [127])
    #expect(weight.parts[2].floats.bits == [0])
    #expect(weight.decodedNestedAbsmax == [0.3])
  }

  @Test func theStoredTableIsTheOneThatDecodes() throws {
    var table = CodeTables.dynamic8
    table[127] = 0.5
    let weight = try QuantizedWeight(
      format: .fourBit(FourBitFormat(.nf4, isNested: true)), dtype: .f32, shape: [1],
      parts: [[0xf7], [127], [Float(2)].bytes, table.bytes], nestedOffset: 3)
    #expect(try weight.decodedFloats() == [4])
  }
}
