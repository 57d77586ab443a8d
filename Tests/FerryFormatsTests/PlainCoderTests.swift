import FerryFormats
import Testing

@Suite struct PlainCoderTests {
  private func converted(
    _ bytes: [UInt8], _ source: ElementType, to target: ElementType
  ) throws -> [UInt8] {
    try bytes.withUnsafeBytes { bytes in
      try QuantizedWeight(
        encoding: bytes, of: source, shape: [bytes.count / source.byteCount], as: .plain(target)
      ).payload
    }
  }

  @Test(arguments: [ElementType.f16, .bf16])
  func everySixteenBitNumberSurvivesF32(type: ElementType) throws {
    let exponent: UInt16 = type == .f16 ? 0x7c00 : 0x7f80
    let patterns = (UInt16.min...UInt16.max).filter { $0 & exponent != exponent }
    let bytes = patterns.withUnsafeBytes { [UInt8]($0) }
    let floats = try converted(bytes, type, to: .f32)
    #expect(try converted(floats, .f32, to: type) == bytes)
    let weight = try QuantizedWeight(
      format: .plain(type), dtype: type, shape: [patterns.count], parts: [bytes])
    #expect(try weight.decoded(as: .f32) == floats)
    let expected = patterns.map { pattern in
      type == .f16
        ? Float(Float16(bitPattern: pattern)) : Float(bitPattern: UInt32(pattern) << 16)
    }
    #expect(floats.floats.bits == expected.bits)
  }

  @Test func roundingIsToNearestEven() throws {
    let brain: [Float] = [1, 1 + 0x1p-8, 1 + 3 * 0x1p-8, (1 + 0x1p-8).nextUp, -1 - 0x1p-8]
    #expect(
      try brain.bytes(as: .bf16)
        == [0x80, 0x3f, 0x80, 0x3f, 0x82, 0x3f, 0x81, 0x3f, 0x80, 0xbf])
    let half: [Float] = [1, 1 + 0x1p-11, 1 + 3 * 0x1p-11, (1 + 0x1p-11).nextUp, 0x1p-25, 0x1.8p-24]
    #expect(
      try half.bytes(as: .f16)
        == [0x00, 0x3c, 0x00, 0x3c, 0x02, 0x3c, 0x01, 0x3c, 0x00, 0x00, 0x02, 0x00])
  }

  @Test func whatWouldBecomeInfinityIsAnError() throws {
    #expect(try Float(65519).bytesAlone(as: .f16) == [0xff, 0x7b])
    let half = #expect(throws: FormatError.self) { try [Float(1), -65520].bytes(as: .f16) }
    #expect(half?.code == .exceedsHalf && half?.index == 1)
    let largest = Float(bitPattern: 0x7f7f_8000)
    #expect(try largest.nextDown.bytesAlone(as: .bf16) == [0x7f, 0x7f])
    let brain = #expect(throws: FormatError.self) { try [largest].bytes(as: .bf16) }
    #expect(brain?.code == .notFinite && brain?.index == 0)
  }

  @Test(arguments: ElementType.allCases)
  func theSameTypeKeepsEveryByte(type: ElementType) throws {
    let bytes =
      (0..<64).map { UInt8(truncatingIfNeeded: $0 * 37) } + [UInt8](repeating: 255, count: 8)
    #expect(try converted(bytes, type, to: type) == bytes)
    let weight = try QuantizedWeight(
      format: .plain(type), dtype: type, shape: [bytes.count / type.byteCount], parts: [bytes])
    #expect(try weight.decoded(as: type) == bytes)
  }

  @Test func integersDoNotConvert() throws {
    let bytes = [UInt8](repeating: 0, count: 8)
    for (source, target) in [(ElementType.i32, ElementType.f32), (.f32, .i32), (.f64, .f32)] {
      let error = #expect(throws: FormatError.self) { try converted(bytes, source, to: target) }
      #expect(error?.code == .unsupported)
    }
  }
}

extension Float {
  fileprivate func bytesAlone(as type: ElementType) throws -> [UInt8] { try [self].bytes(as: type) }
}
