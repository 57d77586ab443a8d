import FerryFormats
import Testing

/// Ferry's bytes and numbers against those that bitsandbytes itself made on a CPU.
@Suite struct BitsandbytesTests {
  typealias Case = BitsandbytesFixture.Case
  let fixture: BitsandbytesFixture

  init() throws { fixture = try BitsandbytesFixture.committed.get() }

  private func encoded(_ item: Case) throws -> QuantizedWeight {
    try fixture.bytes("source", of: item.source).withUnsafeBytes { source in
      try QuantizedWeight(
        encoding: source, of: item.elementType, shape: item.shape, as: item.format)
    }
  }

  @Test func tablesAreTheSameBitForBit() throws {
    let zeroed = CodeTables.fp4.map { $0 == 0 ? 0 : $0 }
    #expect(try fixture.floats("nf4", of: "tables").bits == CodeTables.nf4.bits)
    #expect(try fixture.floats("fp4", of: "tables").map { $0 == 0 ? 0 : $0 }.bits == zeroed.bits)
    #expect(try fixture.floats("dynamic8", of: "tables").bits == CodeTables.dynamic8.bits)
    #expect(
      try fixture.floats("dynamic8_unsigned", of: "tables").bits == CodeTables.dynamic8Unsigned.bits
    )
  }

  @Test func everyFormatTypeAndNestingIsCovered() {
    for dtype in ["f32", "f16", "bf16"] {
      for code in ["nf4", "fp4"] {
        for nested in [false, true] {
          let covered = Case.conforming(.fourBit, nested: nested).filter { item in
            item.dtype == dtype && item.code == code && item.count % 2 == 1
          }
          #expect(!covered.isEmpty, "\(dtype) \(code) nested: \(nested)")
        }
      }
      #expect(Case.conforming(.int8).contains { $0.dtype == dtype })
      #expect(Case.conforming(.dynamic8).contains { $0.dtype == dtype })
    }
    #expect(
      Set(Case.conforming(.fourBit).compactMap(\.block)).isSuperset(of: FourBitFormat.blockSizes))
  }

  @Test(arguments: Case.conforming(.fourBit))
  func fourBitPayloadAndAbsmaxAreTheSameBytes(item: Case) throws {
    let weight = try encoded(item)
    let payload = try fixture.bytes("payload", of: item.name)
    #expect(weight.parts[0] == (item.code == "fp4" ? payload.withOneZero : payload))
    #expect(try weight.parts[1] == fixture.bytes("absmax", of: item.name))
  }

  @Test(
    arguments: (Case.conforming(.fourBit) + Case.conforming(.fourBit, nested: true))
      .filter { item in
        (try? BitsandbytesFixture.committed.get().has("decoded", of: item.name)) == true
      })
  func fourBitDecodesToTheSameNumbers(item: Case) throws {
    let parts =
      ["payload", "absmax"] + (item.nested == true ? ["nested_absmax", "nested_table"] : [])
    let weight = try QuantizedWeight(
      format: item.format, dtype: item.elementType, shape: item.shape,
      parts: parts.map { try fixture.bytes($0, of: item.name) }, nestedOffset: item.offset ?? 0)
    let decoded = try weight.decoded(as: item.elementType)
    let expected = try fixture.bytes("decoded", of: item.name)
    if item.code == "fp4" {
      #expect(unsignedZeros(decoded, item) == unsignedZeros(expected, item))
    } else {
      #expect(decoded == expected)
    }
  }

  /// The bits of all elements, -0 as +0.
  private func unsignedZeros(_ bytes: [UInt8], _ item: Case) -> [[UInt8]] {
    let size = bytes.count / item.count
    return (0..<item.count).map { i in
      var element = Array(bytes[i * size..<(i + 1) * size])
      let isZero = element.dropLast().allSatisfy { $0 == 0 } && element[size - 1] & 0x7f == 0
      if isZero { element[size - 1] = 0 }
      return element
    }
  }

  /// The payload follows from the unrounded absmax and is the same; offset and codes are
  /// bitsandbytes' up to the order of its sum and the bins of its look-up.
  @Test(arguments: Case.conforming(.fourBit, nested: true))
  func nestedStatisticsAreTheSameUpToTheLookUp(item: Case) throws {
    let weight = try encoded(item)
    let payload = try fixture.bytes("payload", of: item.name)
    #expect(weight.parts[0] == (item.code == "fp4" ? payload.withOneZero : payload))
    let offset = try #require(item.offset)
    #expect(abs(weight.nestedOffset - offset) <= 4 * offset.ulp)
    let nestedAbsmax = try fixture.floats("nested_absmax", of: item.name)
    for (ours, theirs) in zip(weight.parts[2].floats, nestedAbsmax) {
      #expect(abs(ours - theirs) <= 4 * offset.ulp)
    }
    #expect(try weight.parts[3] == fixture.bytes("nested_table", of: item.name))
    let codes = try fixture.bytes("absmax", of: item.name)
    #expect(codes.count == weight.parts[1].count)
    guard codes.count > 1 else { return }  // d = 0: a deviation of the look-up, tested as such
    for (ours, theirs) in zip(weight.parts[1], codes) { #expect(abs(Int(ours) - Int(theirs)) <= 4) }
  }

  @Test(arguments: Case.conforming(.int8))
  func int8CodesStatisticsAndNumbersAreTheSameBytes(item: Case) throws {
    let weight = try encoded(item)
    #expect(try weight.parts[0] == fixture.bytes("codes", of: item.name))
    #expect(try weight.parts[1] == fixture.bytes("row_absmax", of: item.name))
    #expect(try weight.decoded(as: .f32) == fixture.bytes("decoded", of: item.name))
  }

  @Test(arguments: Case.conforming(.dynamic8))
  func dynamic8IsTheSameAsTheKernelThatComparesMidpoints(item: Case) throws {
    let weight = try encoded(item)
    #expect(try weight.parts[0] == fixture.bytes("codes", of: item.name))
    #expect(try weight.parts[1] == fixture.bytes("absmax", of: item.name))
    let decoded = try weight.decoded(as: item.elementType)
    #expect(try decoded == fixture.bytes("decoded", of: item.name))
  }
}
