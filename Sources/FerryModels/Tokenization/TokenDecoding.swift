/// How the texts of tokens become the text that they stand for.
enum TokenDecoding: Sendable {
  /// Stand-ins for bytes; a token with any other character is its own text.
  case byteLevel
  /// `replacement` stands for a space, `<0xXX>` for a byte where `spellsBytes`; up to
  /// `strippedSpaces` spaces that the whole text begins with are dropped.
  case spaceMarks(replacement: [UInt8], spellsBytes: Bool, strippedSpaces: Int)
  /// `replacement` stands for a space, and for nothing in the first token where `dropsFirst`.
  case metaspace(replacement: [UInt8], dropsFirst: Bool)

  /// The byte that a token of the form `<0xXX>` spells.
  static func spelledByte(_ token: some Collection<UInt8>) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8) else { return nil }
    let digits = String(decoding: token.dropFirst(3).prefix(2), as: UTF8.self)
    guard !digits.hasPrefix("+"), token.reversed().first == UInt8(ascii: ">") else { return nil }
    return UInt8(digits, radix: 16)
  }
}
