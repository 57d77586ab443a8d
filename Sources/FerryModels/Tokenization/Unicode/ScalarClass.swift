/// What tokenizers ask of a Unicode scalar.
///
/// The answers are those of the reference (`tokenizers` 0.23.3), whose parts follow different versions of
/// Unicode: ``ScalarClassTable`` holds them, so that no version of Swift changes a token.
struct ScalarClass: OptionSet, Sendable {
  let rawValue: UInt32

  // As its regular expressions have them (Oniguruma).

  /// `\p{Lu}`.
  static let uppercase = ScalarClass(rawValue: 1)
  /// `\p{Ll}`.
  static let lowercase = ScalarClass(rawValue: 1 << 1)
  /// `\p{Lt}`.
  static let titlecase = ScalarClass(rawValue: 1 << 2)
  /// `\p{Lm}`.
  static let modifier = ScalarClass(rawValue: 1 << 3)
  /// `\p{Lo}`.
  static let other = ScalarClass(rawValue: 1 << 4)
  /// `\p{M}`.
  static let mark = ScalarClass(rawValue: 1 << 5)
  /// `\p{N}`.
  static let number = ScalarClass(rawValue: 1 << 6)
  /// `\p{P}`.
  static let punctuation = ScalarClass(rawValue: 1 << 7)
  /// `\p{S}`.
  static let symbol = ScalarClass(rawValue: 1 << 8)
  /// `\s`: the property White_Space, which has U+0085 and U+00A0, but not U+200B or U+FEFF.
  static let space = ScalarClass(rawValue: 1 << 9)

  // As other parts have them.

  /// What the pre-tokenizer Digits takes for one.
  static let numeric = ScalarClass(rawValue: 1 << 10)
  /// What a token that is a word by itself may not touch.
  static let word = ScalarClass(rawValue: 1 << 11)
  /// What cleaning removes: controls that are no line end and no tab, formats, private use, U+FFFD.
  static let control = ScalarClass(rawValue: 1 << 12)
  /// A word of its own to BERT: punctuation, and every sign of ASCII.
  static let bertPunctuation = ScalarClass(rawValue: 1 << 13)
  /// A nonspacing mark, as BERT strips them.
  static let accent = ScalarClass(rawValue: 1 << 14)
  /// What canonical decomposition may change or put elsewhere.
  static let decomposing = ScalarClass(rawValue: 1 << 15)
  /// What canonical composition may change, put elsewhere, or join to what is before it.
  static let composing = ScalarClass(rawValue: 1 << 16)
  /// What has another small form.
  static let capital = ScalarClass(rawValue: 1 << 17)

  /// `\r` and `\n`.
  static let newline = ScalarClass(rawValue: 1 << 18)
  /// `\p{L}`.
  static let letter: ScalarClass = [.uppercase, .lowercase, .titlecase, .modifier, .other]
  /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
  static let wordHead: ScalarClass = [.uppercase, .titlecase, .modifier, .other, .mark]
  /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
  static let wordTail: ScalarClass = [.lowercase, .modifier, .other, .mark]

  init(rawValue: UInt32) { self.rawValue = rawValue }

  init(of scalar: Unicode.Scalar) {
    self.init(rawValue: Self.table[scalar])
  }

  /// Whether the scalar has any of these classes.
  func isAny(of classes: ScalarClass) -> Bool { !isDisjoint(with: classes) }

  private static let table = ScalarTable([
    (.uppercase, ScalarClassTable.uppercase), (.lowercase, ScalarClassTable.lowercase),
    (.titlecase, ScalarClassTable.titlecase), (.modifier, ScalarClassTable.modifier),
    (.other, ScalarClassTable.other), (.mark, ScalarClassTable.mark),
    (.number, ScalarClassTable.number), (.punctuation, ScalarClassTable.punctuation),
    (.symbol, ScalarClassTable.symbol), (.space, ScalarClassTable.space),
    (.numeric, ScalarClassTable.numeric), (.word, ScalarClassTable.word),
    (.control, ScalarClassTable.control), (.bertPunctuation, ScalarClassTable.bertPunctuation),
    (.accent, ScalarClassTable.accent), (.decomposing, ScalarClassTable.decomposing),
    (.composing, ScalarClassTable.composing), (.capital, ScalarClassTable.capital),
    (.newline, "a d"),
  ])
}
