import FerryFormats
import Testing

/// Where bitsandbytes departs from its own rule: each test asserts that it does, and how, so that
/// the difference is nobody's riddle.
@Suite struct BitsandbytesDeviationTests {
  let fixture: BitsandbytesFixture

  init() throws { fixture = try BitsandbytesFixture.committed.get() }

  /// Ferry's encoding of a case, and bitsandbytes' payload.
  private func encoded(_ name: String) throws -> (ours: QuantizedWeight, theirs: [UInt8]) {
    let item = try fixture.case(name)
    let ours = try fixture.bytes("source", of: item.source).withUnsafeBytes { source in
      try QuantizedWeight(
        encoding: source, of: item.elementType, shape: item.shape, as: item.format)
    }
    let payload = item.kind == .fourBit ? "payload" : "lookup_codes"
    return (ours, try fixture.bytes(payload, of: name))
  }

  /// On CPUs a short last block is divided by its absmax instead of multiplied by the reciprocal, so
  /// an element beside a midpoint takes the other code there than anywhere else.
  @Test func tailBlocksDivideInsteadOfMultiplyingByTheReciprocal() throws {
    let (ours, theirs) = try encoded("tail-division")
    let differing = zip(ours.parts[0].nibbles, theirs.nibbles).enumerated()
      .filter { $1.0 != $1.1 }.map(\.offset)
    #expect(differing == [64])
    #expect(abs(Int(ours.parts[0].nibbles[64]) - Int(theirs.nibbles[64])) == 1)
  }

  /// The absmax of a short last block of zeros is stored as 1e-38; that of a full one as 0.
  @Test func zeroTailsHaveAnAbsmax() throws {
    let (ours, theirs) = try encoded("zero-tail")
    #expect(ours.parts[0] == theirs)
    #expect(try fixture.floats("absmax", of: "zero-tail")[1] == 1e-38)
    #expect(ours.parts[1].floats[1].bitPattern == 0)
  }

  @Test func fullZeroBlocksAreTheSame() throws {
    let (ours, theirs) = try encoded("zero-block")
    #expect(ours.parts[0] == theirs)
    #expect(ours.parts[0].prefix(32).allSatisfy { $0 == 0x77 })
    #expect(try fixture.floats("absmax", of: "zero-block").bits == ours.parts[1].floats.bits)
    #expect(ours.parts[1].floats[0].bitPattern == 0)
  }

  /// Absmax values below 1e-38 are raised to it for the division, so the whole block becomes small
  /// codes; Ferry divides by the true absmax. The second block is the first one, 1e40 times larger.
  @Test func tinyBlocksLoseTheirCodes() throws {
    let (ours, theirs) = try encoded("tiny-absmax")
    #expect(ours.parts[0].prefix(32) == ours.parts[0].suffix(32))
    #expect(theirs.suffix(32) == ours.parts[0].suffix(32))
    #expect(theirs.prefix(32).allSatisfy { $0 == 0x77 })
    #expect(try fixture.floats("absmax", of: "tiny-absmax").bits == ours.parts[1].floats.bits)
  }

  /// The AVX-512 decoder takes scales by row, `row * (K / blockSize) + k / blockSize`, although
  /// blocks ignore rows: wrong wherever K is a multiple of 16 but not of the block size.
  @Test(
    .enabled(
      if: (try? BitsandbytesFixture.committed.get().hasAVX512) == true,
      "the fixture was made without AVX-512"),
    arguments: ["k96", "k160", "experts"], FourBitFormat.Code.allCases)
  func decodingTakesTheScalesOfOtherBlocks(shape: String, code: FourBitFormat.Code) throws {
    let name = "\(shape)-\(code)"
    let item = try fixture.case(name)
    let (ours, theirs) = try encoded(name)
    #expect(ours.parts[0] == (code == .fp4 ? theirs.withOneZero : theirs))
    let absmax = try fixture.floats("absmax", of: name)
    #expect(absmax.bits == ours.parts[1].floats.bits)
    let (columns, block) = (try #require(item.shape.last), try #require(item.block))
    let decoded = try fixture.floats("decoded", of: name)
    let faulty = theirs.nibbles.enumerated().map { i, nibble in
      code.table[Int(nibble)] * absmax[i / columns * (columns / block) + i % columns / block]
    }
    #expect(decoded == faulty)
    let correct = try ours.decodedFloats()
    let wrong = zip(decoded, correct).filter { $0 != $1 }.count
    #expect(wrong > item.count / 2)
    for (i, nibble) in theirs.nibbles.enumerated() {
      #expect(correct[i] == code.table[Int(nibble)] * absmax[i / block])
    }
  }

  /// The C++ look-up of 8-bit codes has no bin for 0 and bins wider than the gaps beside it.
  @Test func theLookUpOfZeroIsNotZero() throws {
    let (ours, theirs) = try encoded("lookup-zero")
    #expect(theirs.prefix(4) == [131, 131, 123, 255])
    #expect(theirs.dropFirst(4).allSatisfy { $0 == 131 })
    #expect(CodeTables.dynamic8[131] != 0)
    #expect(ours.parts[0].prefix(4) == [127, 127, 126, 255])
    #expect(ours.parts[0].dropFirst(4).allSatisfy { $0 == 127 })
  }

  /// Elsewhere the look-up takes the nearest code or one close by.
  @Test(arguments: BitsandbytesFixture.Case.conforming(.dynamic8))
  func theLookUpIsOffByFewCodes(item: BitsandbytesFixture.Case) throws {
    let (ours, theirs) = try encoded(item.name)
    #expect(ours.parts[0].count == theirs.count)
    for (ours, theirs) in zip(ours.parts[0], theirs) { #expect(abs(Int(ours) - Int(theirs)) <= 4) }
  }

  /// Nested absmax codes made on a CPU go through that look-up too, and a nested block of zeros (a
  /// single absmax, which is its own mean) gets code 0.
  @Test func nestedCodesGoThroughTheLookUp() throws {
    let cases = BitsandbytesFixture.Case.conforming(.fourBit, nested: true)
    let single = cases.filter { $0.name.hasPrefix("one-") }
    #expect(single.count == 6)
    for item in single {
      #expect(try fixture.bytes("absmax", of: item.name) == [0])
      #expect(try encoded(item.name).ours.parts[1] == [127])
    }
    #expect(try fixture.bytes("absmax", of: "nested-lookup") == [0, 131, 255])
    #expect(try encoded("nested-lookup").ours.parts[1] == [0, 127, 255])
  }
}
