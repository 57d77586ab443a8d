/// The exponential function of numbers up to 0, the same on every platform: `libm` may round
/// differently from one system to the next, and one unit in the last place can change a token.
enum PortableExponential {
  /// e to the power of `x` ≤ 0, within 4 units in the last place; 0 below -700.
  ///
  /// x = k·ln 2 + r with |r| ≤ ln 2 / 2, ln 2 in two parts so that r is exact to the last place;
  /// then the Taylor series of e^r up to r¹³, whose remainder is below 2⁻⁵⁷.
  static func exp(_ x: Double) -> Double {
    precondition(x <= 0, "the exponent must not be positive")
    guard x >= -700 else { return 0 }
    let count = (x * 0x1.71547652b82fep0).rounded()
    let rest = (x - count * 0x1.62e42fefa0000p-1) - count * 0x1.cf79abc9e3b3ap-40
    var sum = 1.0
    for divisor in stride(from: 13.0, through: 1.0, by: -1.0) { sum = 1 + sum * rest / divisor }
    return sum * Double(sign: .plus, exponent: Int(count), significand: 1)
  }
}
