/// Finds added tokens: the match that begins first and, among those, the longest.
struct AddedTokenMatcher: Sendable {
  /// A segment of text, together with its token if it is an added token.
  struct Stretch: Equatable {
    var range: Range<Int>
    var id: Int?
  }

  private let tokens: [AddedToken]
  private let index: AddedTokenIndex

  /// Creates a matcher. Among tokens with the same text, the first special one is found, otherwise the first one.
  init(_ tokens: [AddedToken]) {
    self.tokens = tokens.filter(\.isSpecial) + tokens.filter { !$0.isSpecial }
    index = AddedTokenIndex(self.tokens.map(\.content))
  }

  /// Splits a text at the tokens in it; the segments cover the text without gaps, and none is empty.
  func stretches(of text: UnsafeBufferPointer<UInt8>) -> [Stretch] {
    var result: [Stretch] = []
    var covered = 0
    var position = 0
    for (start, number) in index.matches(in: text).reversed() where start >= position {
      let token = tokens[number]
      let match = start..<(start + token.content.count)
      position = match.upperBound
      if token.isSingleWord, !Self.standsAlone(match, in: text) { continue }
      let range = Self.widened(match, token, text, from: covered)
      if covered < range.lowerBound { result.append(Stretch(range: covered..<range.lowerBound)) }
      result.append(Stretch(range: range, id: token.id))
      covered = range.upperBound
    }
    if covered < text.count { result.append(Stretch(range: covered..<text.count)) }
    return result
  }

  /// Returns the match extended by the white space that its token absorbs, as far as it has not been consumed.
  private static func widened(
    _ match: Range<Int>, _ token: AddedToken, _ text: UnsafeBufferPointer<UInt8>, from covered: Int
  ) -> Range<Int> {
    var start = max(match.lowerBound, covered)
    while token.stripsLeft, start > covered {
      let before = previousScalar(text, start)
      guard ScalarClass(of: TextCursor.scalar(text, at: before)).contains(.space) else { break }
      start = before
    }
    // Anything already consumed beyond the match is the white space that follows it.
    var end = TextCursor(text, max(match.upperBound, covered)..<text.count)
    if token.stripsRight { end.skip(.space) }
    return start..<max(start, end.position)
  }

  private static func previousScalar(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    var before = position - 1
    while before > 0, text[before] & 0xc0 == 0x80 { before -= 1 }
    return before
  }

  private static func standsAlone(
    _ match: Range<Int>, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let followsWord =
      match.lowerBound > 0
      && isWord(TextCursor.scalar(text, at: previousScalar(text, match.lowerBound)))
    let precedesWord =
      match.upperBound < text.count && isWord(TextCursor.scalar(text, at: match.upperBound))
    return !followsWord && !precedesWord
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    ScalarClass(of: scalar).contains(.word)
  }
}
