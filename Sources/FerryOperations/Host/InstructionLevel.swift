import CHostKernels

/// Which instructions the host's kernels use.
///
/// Decoded weights, encoded bytes and 8-bit codes are the same bits on every level; sums differ in
/// their last places, because lanes are added in another order.
package enum InstructionLevel: Int32, Sendable, CaseIterable {
  /// Four lanes of what the compiler has for every processor of the architecture.
  case portable = 0
  /// AVX2 with FMA and F16C.
  case avx2 = 1
  /// AVX-512 F, BW, DQ and VL.
  case avx512 = 2
  /// AVX-512 with BF16, VNNI and VBMI as well: dot products of 16-bit and 8-bit numbers.
  case avx512Dot = 3
  /// NEON, on aarch64.
  case neon = 4

  /// The rows of activations up to which a weight is decoded in registers, once for every few of them: for more,
  /// decoding a panel of it first costs less.
  package var fewRows: Int { self == .avx512 || self == .avx512Dot ? 24 : 12 }

  /// All levels that this processor has, in ascending order.
  package static let available = allCases.filter { ferry_has_level($0.rawValue) != 0 }

  /// The highest of them.
  package static let highest = available.last ?? .portable
}
