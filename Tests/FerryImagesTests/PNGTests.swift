import Testing

@testable import FerryImages

/// PNG through the system's libpng.
@Suite(.enabled(if: PNGFixture.isReadable, "needs libpng"))
struct PNGTests {
  @Test func allKindsAreThere() { #expect(PNGFixture.all.count == 25) }

  @Test(arguments: PNGFixture.all)
  func decodesEveryKindToItsSamples(_ fixture: PNGFixture) throws {
    let image = try PNG().decode(try fixture.bytes)
    #expect(image == fixture.image)
  }

  @Test(arguments: 1...4, [8, 16])
  func whatIsEncodedDecodesToTheSame(_ channels: Int, _ bitDepth: Int) throws {
    let samples = (0..<7 * 5 * channels * bitDepth / 8).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let image = Image(
      width: 7, height: 5, channels: channels, bitDepth: bitDepth, samples: samples)
    #expect(try PNG().decode(PNG().encoded(image)) == image)
  }

  @Test func valuesOfEightAndSixteenBitsAreOfOne() throws {
    let eight = try PNG().decode(try PNGFixture.named("color2-8").bytes)
    let sixteen = try PNG().decode(try PNGFixture.named("color2-16").bytes)
    let (first, second) = (try PNGFixture.named("color2-8"), try PNGFixture.named("color2-16"))
    for color in 0..<3 {
      #expect(eight.color(color, x: 2, y: 1) == Float(first.samples[45 + color]) / 255)
      #expect(sixteen.color(color, x: 2, y: 1) == Float(second.samples[45 + color]) / 65535)
    }
  }

  @Test func theErrorOfWhoTakesTheBytesComesThrough() throws {
    struct Full: Error {}
    let image = Image(width: 1, height: 1, channels: 3, samples: [1, 2, 3])
    #expect(throws: Full.self) { try PNG().encode(image) { _ in throw Full() } }
  }

  @Test func aSystemWithoutTheLibraryGetsTheRemedy() throws {
    let error = try #require(throws: ImageError.self) { try PNG(libraries: ["libnone.so.1"]) }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("apt-get install libpng16-16"))
    #expect(error.message.contains("libnone.so.1"))
    // A library that is there and is another.
    #expect(throws: ImageError.self) { try PNG(libraries: ["libc.so.6"]) }
  }
}

/// Files that are no PNG, or not a whole one.
@Suite(.enabled(if: PNGFixture.isReadable, "needs libpng"))
struct DamagedPNGTests {
  @Test(arguments: ["color2-8", "color6-16-interlaced", "palette-4-alpha"])
  func everyTruncationIsAnError(_ name: String) throws {
    let bytes = try PNGFixture.named(name).bytes
    for count in bytes.indices {
      #expect(throws: ImageError.self, "\(count) bytes") {
        try PNG().decode(Array(bytes[..<count]))
      }
    }
  }

  @Test func changedBytesAreAnErrorOrAnImageOfSomeKind() throws {
    let bytes = try PNGFixture.named("color6-8").bytes
    let png = try PNG()
    var refused = 0
    for place in bytes.indices {
      for change: UInt8 in [1, 0x80, 0xff] {
        var damaged = bytes
        damaged[place] ^= change
        do {
          _ = try png.decode(damaged)
        } catch let error as ImageError {
          #expect(error.code == .malformed && !error.message.isEmpty)
          refused += 1
        }
      }
    }
    // Every chunk but the end has a checksum.
    #expect(refused > 3 * (bytes.count - 16))
  }

  @Test func anImageThatCannotBeInSoFewBytesIsRefusedBeforeItIsAllocated() throws {
    var bytes = try PNGFixture.named("color6-16").bytes
    bytes.replaceSubrange(16..<24, with: [0, 0x0f, 0, 0, 0, 0x0f, 0, 0])
    bytes.replaceSubrange(29..<33, with: checksum(bytes[12..<29]))
    let error = try #require(throws: ImageError.self) { try PNG().decode(bytes) }
    #expect(error.code == .tooLarge && error.message.contains("983040 × 983040"))
    // One that fits the memory, but not what the file can hold.
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
    bytes.replaceSubrange(29..<33, with: checksum(bytes[12..<29]))
    let other = try #require(throws: ImageError.self) { try PNG().decode(bytes) }
    #expect(other.code == .malformed && other.message.contains("8192 × 8192"))
  }

  /// CRC-32 as PNG has it, most significant byte first.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return withUnsafeBytes(of: (~crc).bigEndian) { Array($0) }
  }
}
