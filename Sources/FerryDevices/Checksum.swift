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
  /// What the next word of the open range mixes with.
  private var position: UInt64 = 0

  /// The checksum of no ranges.
  public init() {}

  /// SplitMix64's finalizer.
  @inline(__always)
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
    open(byteCount: bytes.count)
    extend(bytes)
  }

  /// Opens the next range, whose bytes follow in pieces (see ``extend(_:)``).
  public mutating func open(byteCount: Int) {
    let seed = Self.seed(ofRange: rangeCount)
    rangeCount += 1
    value &+= Self.mix(seed ^ UInt64(byteCount))
    position = seed &+ 1
  }

  /// Adds the next bytes of the open range; every piece but its last has a multiple of 8 bytes.
  public mutating func extend(_ bytes: UnsafeRawBufferPointer) {
    value &+= Self.sum(of: bytes, from: position)
    position &+= UInt64(bytes.count / 8)
  }

  /// Four words a turn: their products are independent, so that the multiplier never idles.
  private static func sum(of bytes: UnsafeRawBufferPointer, from first: UInt64) -> UInt64 {
    guard let start = bytes.baseAddress else { return 0 }
    let wordCount = bytes.count / 8
    var position = first
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var word = start
    for _ in 0..<(wordCount / 4) {
      a &+= term(word, position)
      b &+= term(word + 8, position &+ 1)
      c &+= term(word + 16, position &+ 2)
      d &+= term(word + 24, position &+ 3)
      position &+= 4
      word += 32
    }
    for _ in 0..<(wordCount % 4) {
      a &+= term(word, position)
      position &+= 1
      word += 8
    }
    return a &+ b &+ c &+ d &+ tail(bytes[(wordCount * 8)...], position)
  }

  @inline(__always)
  private static func term(_ word: UnsafeRawPointer, _ position: UInt64) -> UInt64 {
    mix(UInt64(littleEndian: word.loadUnaligned(as: UInt64.self)) ^ mix(position))
  }

  /// The term of the last, padded word; 0 where there is none.
  private static func tail(_ bytes: Slice<UnsafeRawBufferPointer>, _ position: UInt64) -> UInt64 {
    guard !bytes.isEmpty else { return 0 }
    let word = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return mix(word ^ mix(position))
  }
}
