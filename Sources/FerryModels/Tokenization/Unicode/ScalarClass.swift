/// The properties of a Unicode scalar that tokenizers use.
///
/// The values are those of the reference (`tokenizers` 0.23.3), whose components use different versions of Unicode.
/// ``ScalarClassTable`` contains them, so that tokens do not depend on the version of Swift.
struct ScalarClass: OptionSet, Sendable {
  let rawValue: UInt32

  // As defined by the reference's regular expressions (Oniguruma).

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

  // As defined by other components.

  /// A scalar that the pre-tokenizer Digits treats as a digit.
  static let numeric = ScalarClass(rawValue: 1 << 10)
  /// A word character, which must not be adjacent to a token that matches single words only.
  static let word = ScalarClass(rawValue: 1 << 11)
  /// A scalar that cleaning removes: controls other than line ends and tabs, formats, private use, U+FFFD.
  static let control = ScalarClass(rawValue: 1 << 12)
  /// A scalar that BERT splits off as a word of its own: punctuation, and every ASCII symbol.
  static let bertPunctuation = ScalarClass(rawValue: 1 << 13)
  /// A nonspacing mark, which BERT strips.
  static let accent = ScalarClass(rawValue: 1 << 14)
  /// A scalar that canonical decomposition may change or reorder.
  static let decomposing = ScalarClass(rawValue: 1 << 15)
  /// A scalar that canonical composition may change, reorder, or combine with what precedes it.
  static let composing = ScalarClass(rawValue: 1 << 16)
  /// A scalar with a different lowercase form.
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

  /// Returns true if the scalar has any of these classes.
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
