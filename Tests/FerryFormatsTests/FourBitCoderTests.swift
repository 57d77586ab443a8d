import FerryFormats
import Testing

@Suite struct FourBitCoderTests {
  private func encoded(
    _ elements: [Float], _ code: FourBitFormat.Code = .nf4, blockSize: Int = 32
  ) throws -> QuantizedWeight {
    try QuantizedWeight(
      encoding: elements, shape: [elements.count],
      as: .fourBit(FourBitFormat(code, blockSize: blockSize)))
  }

  @Test func evenElementsAreInHighNibbles() throws {
    let weight = try encoded([1, -1, 0, 1])
    #expect(weight.payload == [0xf0, 0x7f])
    #expect(weight.parts[1].floats == [1])
  }

  @Test(arguments: [(FourBitFormat.Code.nf4, UInt8(0xf7)), (.fp4, 0x30)])
  func anOddCountLeavesTheCodeOfZeroInTheLastNibble(code: FourBitFormat.Code, byte: UInt8) throws {
    #expect(try encoded([2], code).payload == [byte])
    #expect(try encoded([2], code).decodedFloats() == [2])
  }

  @Test(arguments: [(FourBitFormat.Code.nf4, UInt8(0x77)), (.fp4, 0x00)])
  func zeroBlocksHaveTheCodeOfZeroAndNoAbsmax(code: FourBitFormat.Code, byte: UInt8) throws {
    let weight = try encoded([Float](repeating: -0.0, count: 37), code)
    #expect(weight.payload == [UInt8](repeating: byte, count: 19))
    #expect(weight.parts[1] == [UInt8](repeating: 0, count: 8))
    #expect(try weight.decodedFloats() == [Float](repeating: 0, count: 37))
  }

  @Test(arguments: FourBitFormat.Code.allCases)
  func tiesGoToTheSmallerValue(code: FourBitFormat.Code) throws {
    for (slot, midpoint) in code.book.midpoints.enumerated() where midpoint.isFinite {
      let nibbles = try encoded([1, midpoint, midpoint.nextUp, midpoint.nextDown], code)
        .payload.nibbles
      let (lower, upper) = (code.book.codes[slot], code.book.codes[slot + 1])
      #expect(nibbles.dropFirst() == [lower, upper, lower])
    }
  }

  @Test func fp4NeverEmitsNibbleEight() throws {
    var numbers = Numbers(seed: 1)
    let elements = numbers.uniform(999).map { $0 * 0.004 } + [1, -0.0, -1e-30]
    #expect(try encoded(elements, .fp4, blockSize: 4096).payload.nibbles.allSatisfy { $0 != 8 })
  }

  /// As bitsandbytes' CUDA kernels do, on every device; its CPU path, and the table that is stored with a weight,
  /// say +0. Only a sign of zero in what is dequantized tells them apart: the nibble is never written, and moves
  /// as it is.
  @Test func fp4DecodesNibbleEightAsNegativeZero() throws {
    let weight = try QuantizedWeight(
      format: .fourBit(FourBitFormat(.fp4)), dtype: .f32, shape: [2],
      parts: [[0x80], [Float(3)].bytes])
    #expect(try weight.decodedFloats().bits == [0x8000_0000, 0])
  }

  @Test func blocksIgnoreRows() throws {
    // Rows of 48: the second block of 32 straddles the first two.
    let elements = (0..<96).map { $0 / 32 == 1 ? Float(8) : 1 }
    let weight = try QuantizedWeight(
      encoding: elements, shape: [2, 48], as: .fourBit(FourBitFormat(.nf4, blockSize: 32)))
    #expect(weight.parts[1].floats == [1, 8, 1])
    #expect(weight.payload == [UInt8](repeating: 0xff, count: 48))
    #expect(try weight.decodedFloats() == elements)
  }

  @Test func elementsAreMultipliedByTheRoundedReciprocal() throws {
    var numbers = Numbers(seed: 5)
    var decisive = 0
    for absmax in numbers.uniform(4000).map({ $0.magnitude + 0.5 }) {
      for midpoint in CodeBook.nf4.midpoints {
        let x = midpoint * absmax
        let (product, quotient) = (x * (1 / absmax), x / absmax)
        guard (product > midpoint) != (quotient > midpoint) else { continue }
        decisive += 1
        let slot = CodeBook.nf4.midpoints.count { product > $0 }
        for tail in [2, 32] {  // a short block and a full one
          let block = [x, absmax] + [Float](repeating: 0, count: tail - 2)
          #expect(try Int(encoded(block).payload[0] >> 4) == slot)
        }
      }
    }
    #expect(decisive > 100)
  }

  @Test(arguments: FourBitFormat.Code.allCases)
  func subnormalBlocksAreDividedByTheirAbsmax(code: FourBitFormat.Code) throws {
    let tiny = Float.leastNonzeroMagnitude
    let weight = try encoded([tiny, -tiny, 0, tiny], code)
    #expect(weight.payload.nibbles == (code == .nf4 ? [15, 0, 7, 15] : [3, 11, 0, 3]))
    #expect(weight.parts[1].floats == [tiny])
    let absmax = Float.leastNormalMagnitude.nextDown
    let half = absmax / 2
    #expect(
      try encoded([absmax, half], code).payload.nibbles == (code == .nf4 ? [15, 12] : [3, 5]))
  }

  @Test func largestAndSmallestNormalBlocksKeepTheirCodes() throws {
    for absmax: Float in [.leastNormalMagnitude, .greatestFiniteMagnitude, 0x1p126, 0x1p127] {
      let weight = try encoded([absmax, -absmax, absmax / 2, 0])
      #expect(weight.payload == [0xf0, 0xc7])
      #expect(weight.parts[1].floats == [absmax])
      #expect(try weight.decodedFloats().allSatisfy(\.isFinite))
    }
  }

  @Test func decodingRoundsOnceToTheAskedType() throws {
    let weight = try encoded([1.0009766, 0.5, -0.7, 0.3])
    let floats = try weight.decodedFloats()
    let half = try weight.decoded(as: .f16).withUnsafeBytes { bytes in
      (0..<4).map { bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Float16.self) }
    }
    #expect(half == floats.map { Float16($0) })
    let brain = try weight.decoded(as: .bf16).withUnsafeBytes { bytes in
      (0..<4).map { bytes.loadUnaligned(fromByteOffset: 2 * $0, as: BFloat16.self) }
    }
    #expect(brain == floats.map { BFloat16($0) })
  }
}
