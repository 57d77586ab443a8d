import FerryFormats
import Foundation

/// Reproducible numbers for tests: SplitMix64 (S. Vigna).
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Multiples of 2⁻²³ in -1..<1: the same bits everywhere, for they need no rounding.
  mutating func uniform(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int32(truncatingIfNeeded: next() >> 40) - 0x80_0000) / 0x80_0000 }
  }

  /// Standard normal numbers (Box-Muller).
  mutating func gaussian(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude...1, using: &self)))
        .squareRoot()
      return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self)))
    }
  }

  /// A positive normal number whose exponent is as likely as any other.
  mutating func normalMagnitude() -> Float {
    let edges: [Float] = [
      .leastNormalMagnitude, .leastNormalMagnitude.nextUp, .greatestFiniteMagnitude, 0x1p126,
      Float(0x1p126).nextUp, 1, Float(1).nextUp, Float(1).nextDown,
    ]
    let edge = edges[Int(next() % UInt64(edges.count))]
    guard next() % 4 != 0 else { return max(edge, .leastNormalMagnitude) }
    let exponent = UInt32(1 + next() % 254) << 23
    return Float(bitPattern: exponent | UInt32(truncatingIfNeeded: next()) & 0x7f_ffff)
  }
}

extension QuantizedWeight {
  /// The payload's bytes.
  var payload: [UInt8] { parts[0] }

  /// This weight decoded to f32 and encoded again.
  func reencoded() throws -> QuantizedWeight {
    try QuantizedWeight(encoding: decodedFloats(), shape: shape, as: format)
  }
}

extension [Float] {
  /// These numbers rounded to `type`, as bytes.
  func bytes(as type: ElementType) throws -> [UInt8] {
    try QuantizedWeight(encoding: self, shape: [count], as: .plain(type)).payload
  }
}
