import FerryFormats

/// Numbers for operands, the same for the same seed.
struct TestValues {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In -1..<1, more of them near 0 than far from it.
  mutating func number() -> Float {
    let uniform = Float(Int64(bitPattern: next()) >> 40) * 0x1p-23
    return uniform * uniform.magnitude
  }

  /// `count` numbers times `scale`.
  mutating func numbers(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in number() * scale }
  }

  /// `count` numbers for a seed.
  static func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var values = TestValues(seed: seed)
    return values.numbers(count, scale: scale)
  }
}

extension WeightFormat {
  /// A short name for checks: "nf4/64 nested".
  var testName: String {
    switch self {
    case .plain(let type): type.rawValue
    case .fourBit(let format):
      "\(format.code.rawValue)/\(format.blockSize)" + (format.isNested ? " nested" : "")
    case .int8Rows: "int8 rows"
    case .dynamic8(let blockSize): "dynamic8/\(blockSize)"
    case .opaque(let byteCount): "opaque/\(byteCount)"
    }
  }

  /// One of each kind that kernels tell apart.
  static let tested: [WeightFormat] =
    plainTested + [
      .fourBit(FourBitFormat(.nf4)), .fourBit(FourBitFormat(.fp4, blockSize: 32)),
      .fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true)),
      .fourBit(FourBitFormat(.fp4, blockSize: 128, isNested: true)), .int8Rows,
      .dynamic8(blockSize: 64), .dynamic8(blockSize: 50),
    ]

  /// The types of activations, as weights.
  static let plainTested: [WeightFormat] = [.plain(.f32), .plain(.f16), .plain(.bf16)]
}

extension ElementType {
  /// The types of activations.
  static let tested: [ElementType] = [.f32, .f16, .bf16]
}
