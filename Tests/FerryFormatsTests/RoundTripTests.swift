import FerryFormats
import Testing

/// Encoding what was decoded gives the same payload again, through f32.
@Suite struct RoundTripTests {
  static let fourBit = FourBitFormat.Code.allCases.flatMap { code in
    FourBitFormat.blockSizes.map { FourBitFormat(code, blockSize: $0) }
  }

  /// Any nibbles at all, with an absmax of any normal magnitude, as long as each block has the
  /// element that the absmax stands for.
  @Test(arguments: fourBit)
  func anyFourBitPayloadWithNormalAbsmaxComesBack(format: FourBitFormat) throws {
    var numbers = Numbers(seed: UInt64(format.blockSize))
    let count = max(3 * format.blockSize / 2, 800) + 1
    let blocks = count.blocks(of: format.blockSize)
    let codes = format.code.book.codes.dropLast(format.code == .fp4 ? 1 : 0)
    let extremes = format.code.table.indices.filter { format.code.table[$0].magnitude == 1 }
    var nibbles = (0..<count).map { _ in codes.randomElement(using: &numbers) ?? 0 }
    for block in 0..<blocks {
      let end = min((block + 1) * format.blockSize, count)
      let extreme = extremes.randomElement(using: &numbers) ?? 0
      nibbles[Int.random(in: block * format.blockSize..<end, using: &numbers)] = UInt8(extreme)
    }
    nibbles.append(format.code == .nf4 ? 7 : 0)
    let payload = (0..<nibbles.count / 2).map { nibbles[2 * $0] << 4 | nibbles[2 * $0 + 1] }
    let absmax = (0..<blocks).map { _ in numbers.normalMagnitude() }
    let weight = try QuantizedWeight(
      format: .fourBit(format), dtype: .f32, shape: [count], parts: [payload, absmax.bytes])
    let again = try weight.reencoded()
    #expect(again.payload == payload)
    #expect(again.parts[1] == weight.parts[1])
  }

  @Test func anyInt8PayloadWithNormalHalfAbsmaxComesBack() throws {
    var numbers = Numbers(seed: 8)
    let (rows, columns) = (60, 37)
    var codes = (0..<rows * columns).map { _ in Int8.random(in: -127...127, using: &numbers) }
    var absmax = (0..<rows).map { _ in
      Float(Float16(bitPattern: UInt16.random(in: 0x0400..<0x7c00, using: &numbers)))
    }
    absmax[0] = Float(Float16.leastNormalMagnitude)
    absmax[1] = 65504
    for row in 0..<rows {
      codes[row * columns + Int.random(in: 0..<columns, using: &numbers)] =
        row % 2 == 0 ? 127 : -127
    }
    let weight = try QuantizedWeight(
      format: .int8Rows, dtype: .f16, shape: [rows, columns],
      parts: [codes.map(UInt8.init(bitPattern:)), absmax.bytes])
    let again = try weight.reencoded()
    #expect(again.parts == weight.parts)
  }

  @Test(arguments: [1, 7, 64, 256, 4096, 5000])
  func anyDynamic8PayloadWithItsLargestEntryComesBack(blockSize: Int) throws {
    var numbers = Numbers(seed: UInt64(blockSize))
    let count = max(blockSize + blockSize / 2, 900) + 1
    let blocks = count.blocks(of: blockSize)
    var codes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    for block in 0..<blocks {
      let end = min((block + 1) * blockSize, count)
      codes[Int.random(in: block * blockSize..<end, using: &numbers)] = 255
    }
    let absmax = (0..<blocks).map { _ in numbers.normalMagnitude() }
    let weight = try QuantizedWeight(
      format: .dynamic8(blockSize: blockSize), dtype: .f32, shape: [count],
      parts: [codes, absmax.bytes, CodeTables.dynamic8.bytes])
    #expect(try weight.reencoded().parts == weight.parts)
  }

  /// The signed map has no -1: a block whose largest magnitude is negative decodes smaller than it
  /// was, so its scale, and with it some codes, differ the second time. That is the format.
  @Test func dynamic8BlocksWithANegativeExtremeShrink() throws {
    let weight = try QuantizedWeight(
      encoding: [-1, 0.7, 0.3], shape: [3], as: .dynamic8(blockSize: 64))
    let again = try weight.reencoded()
    #expect(weight.payload[0] == 0 && again.payload[0] == 0)
    #expect(weight.parts[1].floats == [1])
    #expect(again.parts[1].floats == [-CodeTables.dynamic8[0]])
  }

  /// Nested: the payload of every block whose decoded absmax is a positive normal number.
  @Test(arguments: FourBitFormat.Code.allCases, [32, 64, 128])
  func nestedPayloadsComeBack(code: FourBitFormat.Code, blockSize: Int) throws {
    var numbers = Numbers(seed: UInt64(blockSize))
    let count = 258 * blockSize - 9
    var elements = numbers.gaussian(count)
    for i in 0..<blockSize { elements[5 * blockSize + i] = 0 }
    for i in 0..<blockSize { elements[7 * blockSize + i] *= 1e-3 }
    let format = FourBitFormat(code, blockSize: blockSize, isNested: true)
    let weight = try QuantizedWeight(encoding: elements, shape: [count], as: .fourBit(format))
    let again = try weight.reencoded()
    let absmax = weight.decodedNestedAbsmax
    let normal = absmax.indices.filter { absmax[$0] >= .leastNormalMagnitude }
    #expect(normal.count >= absmax.count - 2)
    for block in normal {
      let range = block * blockSize / 2..<min((block + 1) * blockSize, count + 1) / 2
      #expect(again.payload[range] == weight.payload[range])
    }
  }

  /// What any source becomes comes back, whatever its elements are.
  @Test(arguments: fourBit, [ElementType.f32, .f16, .bf16])
  func whatAnySourceBecomesComesBack(format: FourBitFormat, type: ElementType) throws {
    var numbers = Numbers(seed: UInt64(format.blockSize) + 1)
    var elements = numbers.gaussian(format.blockSize + 101)
    for i in stride(from: 0, to: elements.count, by: 7) { elements[i] = i % 2 == 0 ? 0 : -0.0 }
    for i in stride(from: 3, to: elements.count, by: 11) { elements[i] *= 64 }
    elements += format.code.book.midpoints.filter(\.isFinite) + format.code.table
    let weight = try elements.bytes(as: type).withUnsafeBytes { source in
      try QuantizedWeight(
        encoding: source, of: type, shape: [elements.count], as: .fourBit(format))
    }
    #expect(try weight.reencoded().parts == weight.parts)
  }
}

extension QuantizedWeight {
  /// code · nestedAbsmax, rounded, then + offset, rounded.
  var decodedNestedAbsmax: [Float] {
    let (scales, table) = (parts[2].floats, parts[3].floats)
    return parts[1].enumerated().map { i, code in
      let product = table[Int(code)] * scales[i / 256]
      return product + nestedOffset
    }
  }
}
