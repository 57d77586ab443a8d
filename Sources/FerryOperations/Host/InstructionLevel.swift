import CHostKernels

/// Which instructions the host's kernels use.
///
/// Decoded weights, encoded bytes and 8-bit codes are the same bits on every level; sums differ in
/// their last places, because lanes are added in another order.
package enum InstructionLevel: Int32, Sendable, CaseIterable, Comparable {
  /// Four lanes of what every processor of the architecture has.
  case portable = 0
  /// AVX2 with FMA and F16C.
  case avx2 = 1
  /// AVX-512 F, BW, DQ and VL.
  case avx512 = 2
  /// AVX-512 with BF16, VNNI and VBMI as well: dot products of 16-bit and 8-bit numbers.
  case avx512Dot = 3

  /// The highest level that this processor has.
  package static let highest = InstructionLevel(rawValue: ferry_highest_level()) ?? .portable

  /// All levels that this processor has, in ascending order.
  package static var available: [InstructionLevel] { allCases.filter { $0 <= highest } }

  /// Ascending.
  package static func < (left: InstructionLevel, right: InstructionLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}
