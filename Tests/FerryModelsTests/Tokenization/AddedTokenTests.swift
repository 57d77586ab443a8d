import Testing

@testable import FerryModels

/// Added tokens in text: the one that begins first, of those the longest.
@Suite struct AddedTokenTests {
  /// Random texts over few characters, so that tokens overlap, nest and repeat.
  @Test func randomTextsAreCutLikeBySearchingEachToken() {
    var source = SplitMix(state: 5)
    for round in 0..<400 {
      let tokens = (0..<Int.random(in: 1...12, using: &source)).map { id in
        var token = AddedToken(id: id, content: Self.text(1...5, &source))
        token.isSingleWord = Int.random(in: 0..<4, using: &source) == 0
        token.stripsLeft = Int.random(in: 0..<4, using: &source) == 0
        token.stripsRight = Int.random(in: 0..<4, using: &source) == 0
        token.isSpecial = Int.random(in: 0..<3, using: &source) == 0
        return token
      }
      let text = Self.text(0...60, &source)
      let expected = SimpleMatcher(tokens: tokens).stretches(of: text)
      let found = text.withUnsafeBufferPointer { AddedTokenMatcher(tokens).stretches(of: $0) }
      #expect(found == expected, "round \(round): \(String(decoding: text, as: UTF8.self))")
    }
  }

  /// 50,000 tokens that begin alike, or a token of which nearly all is what the text consists of: what a byte
  /// costs depends on neither.
  @Test(arguments: [0, 1, 2])
  func theNumberAndLengthOfTokensDoNotMatter(_ kind: Int) {
    let tokens: [[UInt8]] =
      switch kind {
      case 0: (0..<50_000).map { Array("<extra_\($0)>".utf8) }
      case 1: [[UInt8](repeating: 0x3c, count: 60_000) + [0x3e]]
      default: [[0x3e] + [UInt8](repeating: 0x3c, count: 60_000), [0x3c]]
      }
    let index = AddedTokenIndex(tokens)
    let text = [UInt8](repeating: 0x3c, count: 120_000)
    var matches = 0
    let time = ContinuousClock().measure {
      text.withUnsafeBufferPointer { matches = index.matches(in: $0).count }
    }
    #expect(matches == (kind == 2 ? 120_000 : 0))
    #expect(time < .seconds(2))
  }

  /// White space that a token takes along is passed over once.
  @Test func tokensOfSpacesThatTakeSpacesAlongAreNotQuadratic() {
    var token = AddedToken(id: 0, content: [0x20])
    token.stripsLeft = true
    token.stripsRight = true
    let text = [UInt8](repeating: 0x20, count: 60_000)
    let matcher = AddedTokenMatcher([token])
    var count = 0
    let time = ContinuousClock().measure {
      text.withUnsafeBufferPointer { count = matcher.stretches(of: $0).count }
    }
    #expect(count == 60_000)
    #expect(time < .seconds(5))
  }

  private static func text(_ count: ClosedRange<Int>, _ source: inout SplitMix) -> [UInt8] {
    let alphabet: [String] = ["a", "b", "<", "<", ">", " ", "_", "\u{e9}", "\u{3000}"]
    let length = Int.random(in: count, using: &source)
    return (0..<length).flatMap { _ in
      Array((alphabet.randomElement(using: &source) ?? "a").utf8)
    }
  }
}

/// The specification: each token is looked for at each place.
private struct SimpleMatcher {
  let tokens: [AddedToken]

  func stretches(of text: [UInt8]) -> [AddedTokenMatcher.Stretch] {
    var result: [AddedTokenMatcher.Stretch] = []
    var (covered, position) = (0, 0)
    while position < text.count {
      guard let token = longest(text[position...]) else {
        position += 1
        continue
      }
      var (start, end) = (position, position + token.content.count)
      position = end
      if token.isSingleWord,
        isWord(scalars(text[..<start]).last) || isWord(scalars(text[end...]).first)
      {
        continue
      }
      if token.stripsLeft {
        let kept = scalars(text[..<start]).reversed().drop { $0.properties.isWhitespace }
        start = kept.reduce(0) { $0 + UTF8.width($1) }
      }
      start = max(start, covered)
      if token.stripsRight {
        let taken = scalars(text[end...]).prefix { $0.properties.isWhitespace }
        end += taken.reduce(0) { $0 + UTF8.width($1) }
      }
      end = max(end, start)
      if covered < start { result.append(.init(range: covered..<start)) }
      result.append(.init(range: start..<end, id: token.id))
      covered = end
    }
    if covered < text.count { result.append(.init(range: covered..<text.count)) }
    return result
  }

  private func longest(_ text: ArraySlice<UInt8>) -> AddedToken? {
    let matching = tokens.filter { text.starts(with: $0.content) }
    let length = matching.map(\.content.count).max()
    let longest = matching.filter { $0.content.count == length }
    return longest.first(where: \.isSpecial) ?? longest.first
  }

  private func scalars(_ text: ArraySlice<UInt8>) -> [Unicode.Scalar] {
    Array(String(decoding: text, as: UTF8.self).unicodeScalars)
  }

  private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { $0 == "_" || $0.properties.isAlphabetic } ?? false
  }
}

/// A source of reproducible numbers (G. L. Steele et al., doi:10.1145/2660193.2660195).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
