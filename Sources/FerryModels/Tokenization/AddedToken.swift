/// A token that is found in the text itself, before anything else looks at it.
struct AddedToken: Sendable {
  var id: Int
  var content: [UInt8]
  /// Whether it matches only between characters that are no word characters.
  var isSingleWord = false
  /// Whether it takes along the white space before it, and after it.
  var stripsLeft = false
  var stripsRight = false
  /// Whether it is searched in normalized text, itself normalized, rather than in text as it came.
  var isNormalized = false
  /// Whether decoding may skip it.
  var isSpecial = false
}

/// Finds added tokens: of all that match, the one that begins first; of those, the longest.
struct AddedTokenMatcher: Sendable {
  /// A stretch of text, with the token that it is, if it is one.
  struct Stretch {
    var range: Range<Int>
    var id: Int?
  }

  private let tokens: [AddedToken]
  /// The numbers of the tokens that begin with each byte, longest first.
  private let candidates: [[Int]]

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens
    var candidates = [[Int]](repeating: [], count: 256)
    for (index, token) in tokens.enumerated() {
      if let first = token.content.first { candidates[Int(first)].append(index) }
    }
    self.candidates = candidates.map { bucket in
      bucket.sorted { tokens[$0].content.count > tokens[$1].content.count }
    }
  }

  /// Cuts a text at the tokens in it; the stretches cover it without gaps, none is empty.
  func stretches(of text: UnsafeBufferPointer<UInt8>) -> [Stretch] {
    var result: [Stretch] = []
    var covered = 0
    var position = 0
    while position < text.count {
      guard let token = match(text, at: position) else {
        position += 1
        continue
      }
      let match = position..<(position + token.content.count)
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

  private func match(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> AddedToken? {
    for index in candidates[Int(text[position])] {
      let content = tokens[index].content
      guard position + content.count <= text.count else { continue }
      let isMatch = content.indices.allSatisfy { text[position + $0] == content[$0] }
      if isMatch { return tokens[index] }
    }
    return nil
  }

  /// The match with the white space that its token takes along, from what is not taken yet.
  private static func widened(
    _ match: Range<Int>, _ token: AddedToken, _ text: UnsafeBufferPointer<UInt8>, from covered: Int
  ) -> Range<Int> {
    var start = max(match.lowerBound, covered)
    while token.stripsLeft, start > covered {
      let before = previousScalar(text, start)
      guard ScalarClass(of: TextCursor.scalar(text, at: before)).contains(.space) else { break }
      start = before
    }
    var end = TextCursor(text, match.upperBound..<text.count)
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

  /// `\w`: Alphabetic, M, Nd, Pc and the two joiners.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }
}
