/// The values that stored codes stand for, bit for bit those of bitsandbytes.
public enum CodeTables {
  /// NormalFloat 4: index = nibble, ascending; entry 7 is 0.
  ///
  /// Source: T. Dettmers et al., "QLoRA", arXiv:2305.14314, appendix E. These literals are
  /// canonical: computing the quantiles again gives other last bits.
  public static let nf4: [Float] = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
    -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
    0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
  ]

  /// Floating point 4: index = nibble = sign, two bits of exponent, one of fraction; not ascending.
  /// Nibble 8 is -0, as bitsandbytes' kernels decode it (its Python table says +0).
  public static let fp4: [Float] = {
    let magnitudes = [0, 0.0625, 8, 12, 4, 6, 2, 3].map { (raw: Float) in raw / 12 }
    return magnitudes + magnitudes.map { -$0 }
  }()
}

extension FourBitFormat.Code {
  /// The 16 values that nibbles of this code stand for.
  public var table: [Float] {
    switch self {
    case .nf4: CodeTables.nf4
    case .fp4: CodeTables.fp4
    }
  }
}
