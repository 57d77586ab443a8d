import FerryDeviceTesting
import FerryDevices
import Testing

@Suite struct ChecksumTests {
  /// The definition, word by word.
  private func defined(_ ranges: [[UInt8]]) -> UInt64 {
    func mix(_ value: UInt64) -> UInt64 {
      var z = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    var value: UInt64 = 0
    for (r, bytes) in ranges.enumerated() {
      let seed = mix(UInt64(r + 1) &* 0x9E37_79B9_7F4A_7C15)
      value &+= mix(seed ^ UInt64(bytes.count))
      for i in 0..<((bytes.count + 7) / 8) {
        var word: UInt64 = 0
        for (place, byte) in bytes[(8 * i)..<min(bytes.count, 8 * i + 8)].enumerated() {
          word |= UInt64(byte) << UInt64(8 * place)
        }
        value &+= mix(word ^ mix(seed &+ UInt64(i) &+ 1))
      }
    }
    return value
  }

  @Test func mixesAsSplitMix64Does() {
    // The first output of SplitMix64 seeded with 0.
    #expect(Checksum.mix(0x9E37_79B9_7F4A_7C15) == 0xE220_A839_7B1D_CDAF)
    #expect(Checksum.seed(ofRange: 0) == 0xE220_A839_7B1D_CDAF)
  }

  @Test(arguments: 0..<70)
  func followsItsDefinition(_ count: Int) {
    let bytes = TestBytes.random(count + 3, seed: UInt64(count))
    #expect(TestBytes.checksum([bytes]) == defined([bytes]))
    #expect(
      TestBytes.checksum([bytes, [], Array(bytes.prefix(3))])
        == defined([bytes, [], Array(bytes.prefix(3))]))
    let odd = bytes.withUnsafeBytes { all in
      var checksum = Checksum()
      checksum.append(UnsafeRawBufferPointer(rebasing: all[3...]))
      return checksum.value
    }
    #expect(odd == defined([Array(bytes[3...])]))
  }

  @Test func tellsApartWhatLooksAlike() {
    let zeros = [UInt8](repeating: 0, count: 16)
    let sums: [UInt64] = [
      TestBytes.checksum([]), TestBytes.checksum([[]]), TestBytes.checksum([[], []]),
      TestBytes.checksum([[0]]), TestBytes.checksum([[0, 0]]), TestBytes.checksum([zeros]),
      TestBytes.checksum([Array(zeros[..<8]), Array(zeros[8...])]),
      TestBytes.checksum([zeros, [1]]), TestBytes.checksum([[1], zeros]),
    ]
    #expect(Set(sums).count == sums.count)
  }
}
