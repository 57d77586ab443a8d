/// Turns tokens into text as they come.
///
/// What it returns is always whole characters: bytes that may yet become one are held back. All that
/// ``append(_:)`` and ``finish()`` return, put together, is what decoding all tokens at once gives.
package struct TokenDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipsSpecialTokens: Bool
  /// Bytes that end within a character.
  private var pending: [UInt8] = []
  /// The bytes spelled by the latest tokens, which stand or fall together.
  private var spelled: [UInt8] = []
  private var isAtFirstToken = true
  /// How many spaces may still be dropped from the beginning.
  private var strippableSpaces: Int

  package init(_ tokenizer: Tokenizer, skippingSpecialTokens: Bool = true) {
    self.tokenizer = tokenizer
    skipsSpecialTokens = skippingSpecialTokens
    if case .spaceMarks(_, _, let count) = tokenizer.decoding {
      strippableSpaces = count
    } else {
      strippableSpaces = 0
    }
  }

  /// The text that this token completes; a number that is no token adds nothing.
  package mutating func append(_ id: Int) -> String {
    guard id >= 0, id < tokenizer.vocabularySize else { return "" }
    if skipsSpecialTokens, tokenizer.specialTokens.contains(id) { return "" }
    let piece = tokenizer.pieces[id]
    defer { isAtFirstToken = false }
    switch tokenizer.decoding {
    case .byteLevel:
      pending += ByteLevelAlphabet.bytes(of: piece) ?? Array(piece)
    case .spaceMarks(let replacement, let spellsBytes, _):
      if spellsBytes, let byte = TokenDecoding.spelledByte(piece) {
        spelled.append(byte)
        return ""
      }
      endSpelling()
      pending += Array(piece).replacing(replacement, with: [0x20])
    case .metaspace(let replacement, let dropsFirst):
      pending += Array(piece).replacing(
        replacement, with: isAtFirstToken && dropsFirst ? [] : [0x20])
    case .wordPiece(let prefix, let cleansUp):
      pending += TokenDecoding.wordPieceText(
        piece, isFirst: isAtFirstToken, prefix: prefix, cleansUp: cleansUp)
    }
    return take(pending.count - Self.incompleteSuffix(pending))
  }

  /// The rest: what never became a character is U+FFFD.
  package mutating func finish() -> String {
    endSpelling()
    return take(pending.count)
  }

  /// Spelled bytes are text if all of them together are; otherwise each is U+FFFD.
  private mutating func endSpelling() {
    guard !spelled.isEmpty else { return }
    if String(validating: spelled, as: UTF8.self) != nil {
      pending += spelled
    } else {
      for _ in spelled { pending += [0xef, 0xbf, 0xbd] }
    }
    spelled.removeAll()
  }

  private mutating func take(_ count: Int) -> String {
    var text = pending.prefix(count)
    while strippableSpaces > 0, let first = text.first {
      strippableSpaces = first == 0x20 ? strippableSpaces - 1 : 0
      if first == 0x20 { text.removeFirst() }
    }
    let result = String(decoding: text, as: UTF8.self)
    pending.removeFirst(count)
    return result
  }

  /// The number of bytes at the end that begin a character and do not finish it.
  private static func incompleteSuffix(_ bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte < 0x80 { return 0 }
      if byte >= 0xc0 { return TextCursor.width(byte) > length ? length : 0 }
    }
    return 0
  }
}
