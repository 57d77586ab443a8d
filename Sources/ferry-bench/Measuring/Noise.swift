/// Random bytes from a fixed seed (SplitMix64): memory that no cache, link or table lookup finds easier
/// than a model's.
enum Noise {
  /// Fills memory.
  static func fill(_ bytes: UnsafeMutableRawBufferPointer, seed: UInt64) {
    var state = seed
    let words = bytes.count / 8
    for word in 0..<words {
      bytes.storeBytes(of: next(&state), toByteOffset: 8 * word, as: UInt64.self)
    }
    for byte in (8 * words)..<bytes.count {
      bytes[byte] = UInt8(truncatingIfNeeded: next(&state))
    }
  }

  /// Small positive numbers between `low` and 2 · `low`, a power of two, as f32.
  static func fillStatistics(_ bytes: UnsafeMutableRawBufferPointer, seed: UInt64, low: Float) {
    var state = seed
    for word in 0..<bytes.count / 4 {
      let fraction = UInt32(truncatingIfNeeded: next(&state)) & 0x007f_ffff
      bytes.storeBytes(
        of: low.bitPattern | fraction, toByteOffset: 4 * word, as: UInt32.self)
    }
  }

  /// Numbers between -1 and 1, of magnitude at least 2⁻⁷, as bf16.
  static func fillBFloat16(_ bytes: UnsafeMutableRawBufferPointer, seed: UInt64) {
    var state = seed
    for element in 0..<bytes.count / 2 {
      let bits = next(&state)
      let exponent = 120 + UInt16(truncatingIfNeeded: bits >> 32) % 7
      let signAndFraction = UInt16(truncatingIfNeeded: bits) & 0x807f
      bytes.storeBytes(
        of: signAndFraction | exponent << 7, toByteOffset: 2 * element, as: UInt16.self)
    }
  }

  /// Numbers between -1 and 1, of magnitude at least 2⁻⁷, as f32.
  static func fillFloat(_ bytes: UnsafeMutableRawBufferPointer, seed: UInt64) {
    var state = seed
    for element in 0..<bytes.count / 4 {
      let bits = next(&state)
      let exponent = 120 + UInt32(truncatingIfNeeded: bits >> 32) % 7
      let signAndFraction = UInt32(truncatingIfNeeded: bits) & 0x807f_ffff
      bytes.storeBytes(
        of: signAndFraction | exponent << 23, toByteOffset: 4 * element, as: UInt32.self)
    }
  }

  private static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
