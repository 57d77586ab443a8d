/// Matching: the alternatives in the order of the expressions, each greedy.
extension SplitPattern {
  /// The end of the match that starts where `text` starts. Every position of a text matches one of
  /// the alternatives, so that matches cover a text without gaps. `text` must not be empty.
  func matchEnd(_ text: TextCursor) -> Int {
    contraction(text) ?? word(text) ?? number(text) ?? signs(text) ?? spaces(text)
  }

  private func contraction(_ text: TextCursor) -> Int? {
    guard contractions != .none, text.byte == UInt8(ascii: "'") else { return nil }
    var letters = text
    letters.position += 1
    guard let first = letter(&letters) else { return nil }
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return letters.position
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return letter(&letters) == UInt8(ascii: "e") ? letters.position : nil
    case UInt8(ascii: "l"):
      return letter(&letters) == UInt8(ascii: "l") ? letters.position : nil
    default: return nil
    }
  }

  /// The letter here, folded to lower case where the pattern ignores case. U+017F, the long s, is an
  /// "s" to an expression that ignores case.
  private func letter(_ text: inout TextCursor) -> UInt8? {
    guard let byte = text.byte else { return nil }
    let scalar = TextCursor.scalar(text.bytes, at: text.position)
    text.advance()
    if byte < 0x80 {
      let isUpper = contractions == .anyCase && (0x41...0x5a).contains(byte)
      return isUpper ? byte | 0x20 : byte
    }
    return contractions == .anyCase && scalar == "\u{17f}" ? UInt8(ascii: "s") : nil
  }

  private func word(_ text: TextCursor) -> Int? {
    var start = text
    switch words {
    case .afterSpace:
      if start.byte == 0x20 { start.advance() }
      return letters(start)
    case .afterAnySign:
      if start.skip(without: [.newline, .letter, .number], limit: 1) == 0 { return letters(text) }
      return letters(start) ?? letters(text)
    case .byCase:
      let signed = start.skip(without: [.newline, .letter, .number], limit: 1) == 1
      return (signed ? headThenTail(start) : nil) ?? headThenTail(text)
        ?? (signed ? heads(start) : nil) ?? heads(text)
    }
  }

  private func letters(_ text: TextCursor) -> Int? {
    var text = text
    return text.skip(.letter) > 0 ? text.position : nil
  }

  /// `[head]*[tail]+`: the heads as far as they go, or back to the last that can begin the tail.
  private func headThenTail(_ text: TextCursor) -> Int? {
    var head = text
    var lastBoth: TextCursor?
    while let kind = head.scalarClass, kind.isAny(of: .wordHead) {
      if kind.isAny(of: .wordTail) { lastBoth = head }
      head.advance()
    }
    if head.skip(.wordTail) > 0 { return head.position }
    lastBoth?.skip(.wordTail)
    return lastBoth?.position
  }

  /// `[head]+[tail]*`.
  private func heads(_ text: TextCursor) -> Int? {
    var text = text
    guard text.skip(.wordHead) > 0 else { return nil }
    text.skip(.wordTail)
    return text.position
  }

  private func number(_ text: TextCursor) -> Int? {
    var text = text
    switch numbers {
    case .afterSpace:
      if text.byte == 0x20 { text.advance() }
      return text.skip(.number) > 0 ? text.position : nil
    case .upTo(let limit):
      return text.skip(.number, limit: limit) > 0 ? text.position : nil
    }
  }

  private func signs(_ text: TextCursor) -> Int? {
    var text = text
    if text.byte == 0x20 { text.advance() }
    guard text.skip(without: [.space, .letter, .number]) > 0 else { return nil }
    switch signTail {
    case .none: break
    case .newlines: text.skip(.newline)
    case .newlinesAndSlashes: skipNewlinesAndSlashes(&text)
    }
    return text.position
  }

  private func skipNewlinesAndSlashes(_ text: inout TextCursor) {
    while let byte = text.byte, byte == 0x0a || byte == 0x0d || byte == UInt8(ascii: "/") {
      text.position += 1
    }
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`: a run of white space up to its last line end; else without its last
  /// scalar if a word follows, which takes that one along.
  private func spaces(_ text: TextCursor) -> Int {
    var run = text
    var last = text.position
    var newlineEnd: Int?
    while let kind = run.scalarClass, kind.contains(.space) {
      last = run.position
      run.advance()
      if kind.contains(.newline) { newlineEnd = run.position }
    }
    if cutsAfterNewlines, let newlineEnd { return newlineEnd }
    return run.isAtEnd || last == text.position ? run.position : last
  }
}
