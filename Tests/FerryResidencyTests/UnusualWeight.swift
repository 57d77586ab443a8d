import FerryFormats

/// What files of other encoders may hold that encoding the decoded numbers does not give back.
enum UnusualWeight: CaseIterable, Sendable {
  case negativeZero, tinyTail, subnormalBlock, infiniteBlock, oddNibble
  case negativeLimit, quietRow, largeRow, zeroRow, negativeNested

  func weight(_ random: inout SplitMix) throws -> QuantizedWeight {
    switch self {
    case .negativeZero:
      var weight = try QuantizedWeight(
        .fourBit(FourBitFormat(.fp4, blockSize: 64)), [4, 40], &random)
      weight.parts[0][7] = 0x81
      return weight
    case .tinyTail, .subnormalBlock, .infiniteBlock: return try block(&random)
    case .oddNibble:
      var weight = try QuantizedWeight(
        .fourBit(FourBitFormat(.nf4, blockSize: 64)), [3, 43], &random)
      weight.parts[0][64] ^= 5
      return weight
    case .negativeLimit, .quietRow, .largeRow, .zeroRow: return try row(&random)
    case .negativeNested:
      let format = WeightFormat.fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true))
      var weight = try QuantizedWeight(format, [9, 50], &random)
      weight.nestedOffset = -2
      return weight
    }
  }

  /// A tail of 4-bit zeros with the absmax that a zero block has elsewhere, or an absmax that no
  /// reciprocal or no product knows.
  private func block(_ random: inout SplitMix) throws -> QuantizedWeight {
    var weight = try QuantizedWeight(
      .fourBit(FourBitFormat(.nf4, blockSize: 64)), [3, 50], &random)
    switch self {
    case .tinyTail:
      weight.set(1e-38, part: 1, at: 2)
      for byte in 64..<75 { weight.parts[0][byte] = 0x77 }
    case .subnormalBlock: weight.set(.leastNonzeroMagnitude, part: 1, at: 1)
    default: weight.set(.infinity, part: 1, at: 1)
    }
    return weight
  }

  private func row(_ random: inout SplitMix) throws -> QuantizedWeight {
    var weight = try QuantizedWeight(.int8Rows, [5, 30], &random)
    switch self {
    case .negativeLimit: weight.parts[0][31] = 0x80
    case .quietRow: for column in 60..<90 { weight.parts[0][column] = UInt8(column % 9) }
    case .zeroRow: weight.set(0, part: 1, at: 3)
    default: weight.set(70_000, part: 1, at: 3)
    }
    return weight
  }

  /// Whether encoding happens to give the payload back, since the statistics travel beside it.
  var comesBack: Bool { self == .tinyTail }
}
