/// What divides the elements of one block by their absolute maximum: v = x · fl32(1 / absmax).
///
/// One reciprocal, correctly rounded, then one rounded product an element. Below 2⁻¹²⁶ the reciprocal
/// may overflow, so there v = x / absmax, one rounded quotient. A zero block gives v = 0.
struct BlockScale {
  /// max |x| over the block.
  let absmax: Float
  private let reciprocal: Float
  private let divides: Bool

  init(absmax: Float) {
    self.absmax = absmax
    divides = absmax > 0 && absmax < .leastNormalMagnitude
    reciprocal = absmax < .leastNormalMagnitude ? 0 : 1 / absmax
  }

  /// `element` as a part of absmax, in -1...1 up to rounding.
  @inline(__always)
  func normalize(_ element: Float) -> Float {
    divides ? element / absmax : element * reciprocal
  }
}
