/// What the split patterns of tokenizers ask of a Unicode scalar.
struct ScalarClass: OptionSet, Sendable {
  let rawValue: UInt8

  /// `\p{L}`.
  static let letter = ScalarClass(rawValue: 1)
  /// `\p{N}`.
  static let number = ScalarClass(rawValue: 2)
  /// `\s`: the property White_Space, which has U+0085 and U+00A0, but not U+200B or U+FEFF.
  static let space = ScalarClass(rawValue: 4)
  /// `\r` and `\n`.
  static let newline = ScalarClass(rawValue: 8)
  /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
  static let wordHead = ScalarClass(rawValue: 16)
  /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
  static let wordTail = ScalarClass(rawValue: 32)
  /// `\p{P}`.
  static let punctuation = ScalarClass(rawValue: 64)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(of scalar: Unicode.Scalar) {
    if scalar.value < Self.tableSize {
      self = Self.table[Int(scalar.value)]
    } else {
      self = Self.computed(scalar)
    }
  }

  /// The planes that text is made of: looking up a category costs more than splitting.
  private static let tableSize: UInt32 = 0x20000
  private static let table: [ScalarClass] = (0..<tableSize).map { value in
    Unicode.Scalar(value).map(computed) ?? []
  }

  private static func computed(_ scalar: Unicode.Scalar) -> ScalarClass {
    var result = category(scalar.properties.generalCategory)
    if scalar.properties.isWhitespace { result.insert(.space) }
    if scalar == "\r" || scalar == "\n" { result.insert(.newline) }
    return result
  }

  private static func category(_ category: Unicode.GeneralCategory) -> ScalarClass {
    switch category {
    case .uppercaseLetter, .titlecaseLetter: [.letter, .wordHead]
    case .lowercaseLetter: [.letter, .wordTail]
    case .modifierLetter, .otherLetter: [.letter, .wordHead, .wordTail]
    case .nonspacingMark, .spacingMark, .enclosingMark: [.wordHead, .wordTail]
    case .decimalNumber, .letterNumber, .otherNumber: .number
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      .punctuation
    default: []
    }
  }
}
