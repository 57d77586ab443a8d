/// One step of cutting normalized text into the words that merges never cross.
enum PreTokenizer: Sendable {
  /// Cuts by a pattern; matches stay, and so does what lies between them.
  case split(SplitPattern)
  /// Splits by an expression that is not a known pattern; text between the matches is kept as well.
  case expression(SplitExpression)
  /// Each digit by itself, or each run of digits.
  case digits(individually: Bool)
  /// A space put in front of a word that does not begin with one.
  case prefixSpace
  /// Spaces become `replacement`, with one put in front, and words begin there.
  case metaspace(replacement: [UInt8], prefix: MetaspacePrefix, splits: Bool)

  /// White space between words goes, and every punctuation mark is a word.
  case bert

  /// Where ``metaspace(replacement:prefix:splits:)`` puts its replacement in front.
  enum MetaspacePrefix: Sendable { case always, first, never }

  func apply(_ text: inout PreTokenizedText) {
    switch self {
    case .split(let pattern): text.split { pattern.matchEnd($0) }
    case .expression(let expression): text.split { expression.partEnd($0) }
    case .digits(let individually): text.split { Self.digitsEnd($0, individually: individually) }
    case .prefixSpace: text.prefixWithSpace()
    case .metaspace(let replacement, let prefix, let splits):
      text.markSpaces(replacement, prefix: prefix)
      if splits { text.split { Self.wordEnd($0, before: replacement) } }
    case .bert:
      text.split(Self.bertEnd)
      text.removeWords { $0.scalarClass?.contains(.space) == true }
    }
  }

  /// The end of a run of white space, of a punctuation mark, or of what lies between such.
  private static func bertEnd(_ text: TextCursor) -> Int {
    var text = text
    if text.skip(.bertPunctuation, limit: 1) == 0, text.skip(.space) == 0 {
      text.skip(without: [.bertPunctuation, .space])
    }
    return text.position
  }

  private static func digitsEnd(_ text: TextCursor, individually: Bool) -> Int {
    var text = text
    if text.skip(.numeric, limit: individually ? 1 : .max) == 0 { text.skip(without: .numeric) }
    return text.position
  }

  /// The end of a word: the next replacement after the first scalar.
  private static func wordEnd(_ text: TextCursor, before replacement: [UInt8]) -> Int {
    var text = text
    text.advance()
    while !text.isAtEnd {
      let rest = UnsafeBufferPointer(rebasing: text.bytes[text.position..<text.end])
      if rest.starts(with: replacement) { break }
      text.advance()
    }
    return text.position
  }
}

/// Text cut into words.
struct PreTokenizedText {
  private(set) var bytes: [UInt8]
  /// The words, in order; none is empty.
  private(set) var words: [Range<Int>]
  /// Whether this text is where the whole input begins.
  let isFirst: Bool

  init(_ bytes: [UInt8], isFirst: Bool) {
    self.bytes = bytes
    self.isFirst = isFirst
    words = bytes.isEmpty ? [] : [0..<bytes.count]
  }

  /// Cuts each word further: `matchEnd` returns where the part ends that begins at the cursor.
  mutating func split(_ matchEnd: (TextCursor) -> Int) {
    var parts: [Range<Int>] = []
    parts.reserveCapacity(bytes.count / 4)
    bytes.withUnsafeBufferPointer { bytes in
      for word in words {
        var cursor = TextCursor(bytes, word)
        while !cursor.isAtEnd {
          let end = matchEnd(cursor)
          parts.append(cursor.position..<end)
          cursor.position = end
        }
      }
    }
    words = parts
  }

  /// Leaves out each word at whose beginning, as a cursor over it, the condition holds.
  mutating func removeWords(where isUnwanted: (TextCursor) -> Bool) {
    bytes.withUnsafeBufferPointer { bytes in
      words.removeAll { isUnwanted(TextCursor(bytes, $0)) }
    }
  }

  mutating func prefixWithSpace() {
    rewrite { word, result in
      if word.first != 0x20 { result.append(0x20) }
      result.append(contentsOf: word)
    }
  }

  mutating func markSpaces(_ replacement: [UInt8], prefix: PreTokenizer.MetaspacePrefix) {
    var isFirstWord = isFirst
    rewrite { word, result in
      let marked = Array(word).replacing([0x20], with: replacement)
      let isWanted = prefix == .always || prefix == .first && isFirstWord
      if isWanted, !marked.starts(with: replacement) { result.append(contentsOf: replacement) }
      result.append(contentsOf: marked)
      isFirstWord = false
    }
  }

  private mutating func rewrite(_ body: (ArraySlice<UInt8>, inout [UInt8]) -> Void) {
    var result: [UInt8] = []
    var parts: [Range<Int>] = []
    for word in words {
      let start = result.count
      body(bytes[word], &result)
      parts.append(start..<result.count)
    }
    bytes = result
    words = parts
  }
}
