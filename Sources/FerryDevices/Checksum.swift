/// A 64-bit checksum that any device computes in any order of its words.
///
/// The ranges of a list are numbered r = 0, 1, …; a range's bytes are cut into little-endian 64-bit
/// words, the last one padded with zeros. With `mix` the finalizer of SplitMix64 (Steele, Lea and
/// Flood, 2014) and all arithmetic modulo 2⁶⁴:
///
///     seed(r)  = mix((r + 1) · 0x9E3779B97F4A7C15)
///     value    = Σ_r ( mix(seed(r) ⊕ byteCount(r)) + Σ_i mix(word(r, i) ⊕ mix(seed(r) + i + 1)) )
///
/// The sum has no order, so a range may be cut between threads at will; position and range enter
/// through the inner `mix`, so that swapped words or ranges do not cancel. It detects corruption; it
/// does not resist an adversary.
public struct Checksum: Sendable {
  /// The sum so far.
  public private(set) var value: UInt64 = 0
  private var rangeCount: UInt64 = 0

  /// The checksum of no ranges.
  public init() {}

  /// SplitMix64's finalizer.
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The seed of range number `index`.
  public static func seed(ofRange index: UInt64) -> UInt64 {
    mix((index &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// Adds the next range.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    let seed = Self.seed(ofRange: rangeCount)
    rangeCount += 1
    value &+= Self.mix(seed ^ UInt64(bytes.count)) &+ Self.sum(of: bytes, seed: seed)
  }

  private static func sum(of bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    let wordCount = bytes.count / 8
    var total: UInt64 = 0
    for index in 0..<wordCount {
      let word = bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
      total &+= mix(UInt64(littleEndian: word) ^ mix(seed &+ UInt64(index) &+ 1))
    }
    guard bytes.count > wordCount * 8 else { return total }
    var last: UInt64 = 0
    for index in (wordCount * 8)..<bytes.count {
      last |= UInt64(bytes[index]) << UInt64((index - wordCount * 8) * 8)
    }
    return total &+ mix(last ^ mix(seed &+ UInt64(wordCount) &+ 1))
  }
}
