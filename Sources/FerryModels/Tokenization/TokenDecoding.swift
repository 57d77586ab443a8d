/// How the texts of tokens become the text that they stand for.
enum TokenDecoding: Sendable {
  /// Stand-ins for bytes; a token with any other character is its own text.
  case byteLevel
  /// `replacement` stands for a space, `<0xXX>` for a byte where `spellsBytes`; up to
  /// `strippedSpaces` spaces that the whole text begins with are dropped.
  case spaceMarks(replacement: [UInt8], spellsBytes: Bool, strippedSpaces: Int)
  /// `replacement` stands for a space, and for nothing in the first token where `dropsFirst`.
  case metaspace(replacement: [UInt8], dropsFirst: Bool)
  /// Tokens that begin with `prefix` continue a word; others have a space before them, except the first.
  /// `cleansUp` takes away spaces before some punctuation and English contractions.
  case wordPiece(prefix: [UInt8], cleansUp: Bool)

  /// The text of a token in ``wordPiece(prefix:cleansUp:)``.
  static func wordPieceText(
    _ token: ArraySlice<UInt8>, isFirst: Bool, prefix: [UInt8], cleansUp: Bool
  ) -> [UInt8] {
    var text = Array(token)
    if !isFirst {
      text = text.starts(with: prefix) ? Array(text.dropFirst(prefix.count)) : [0x20] + text
    }
    guard cleansUp else { return text }
    return cleanups.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  /// What the reference's decoder replaces, token by token.
  private static let cleanups: [([UInt8], [UInt8])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// The byte that a token of the form `<0xXX>` spells.
  static func spelledByte(_ token: some Collection<UInt8>) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8) else { return nil }
    let digits = String(decoding: token.dropFirst(3).prefix(2), as: UTF8.self)
    guard !digits.hasPrefix("+"), token.reversed().first == UInt8(ascii: ">") else { return nil }
    return UInt8(digits, radix: 16)
  }
}
