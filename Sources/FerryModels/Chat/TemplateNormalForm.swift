/// The normal form by which chat templates are compared: everything that affects the output, except strings that may
/// differ from model to model.
///
/// Templates with the same normal form and the same ``values`` print the same text for every chat. White space that
/// Jinja drops, comments, quotes, the choice between `message.role` and `message['role']`, and the messages of refusals
/// are not part of it. Every statement, expression, string and number is, in its place.
struct TemplateNormalForm: Hashable, Sendable {
  /// A string that the normal form leaves open.
  enum Slot: String, Hashable, Sendable {
    /// ChatML's system message for chats without one: the text between `<|im_start|>system\n` and `<|im_end|>\n` in a
    /// single string.
    case system
    /// The text between "Cutting Knowledge Date: " and the end of the line in a single string.
    case cutoff
    /// The date that the template uses if none is given.
    case date
  }

  /// The normal form: for every token its kind, its length in bytes, and its bytes.
  let bytes: [UInt8]
  /// The values of the slots.
  let values: [Slot: String]

  /// Computes the normal form of a template; nil if ``JinjaLexer`` cannot read it or if it has different strings for
  /// one slot.
  init?(_ template: String) {
    guard let parts = JinjaLexer.parts(of: template)?.map(Self.simplified) else { return nil }
    var values: [Slot: String] = [:]
    for tokens in parts.map(\.tokens) {
      for index in tokens.indices {
        guard let (slot, value) = Self.slot(at: index, of: tokens) else { continue }
        guard values[slot]?.utf8.elementsEqual(value.utf8) ?? true else { return nil }
        values[slot] = value
      }
    }
    self.values = values
    bytes = parts.flatMap { Self.bytes(of: $0, values) }
  }

  // MARK: - What is left out

  /// Returns the part with `.role` and `.content` written as `['role']` and `['content']`, which mean the same for the
  /// messages of a chat, and without the message of `raise_exception`, because Ferry words its errors itself.
  private static func simplified(_ part: JinjaLexer.Part) -> JinjaLexer.Part {
    switch part {
    case .text: part
    case .output(let tokens): .output(simplified(tokens))
    case .statement(let tokens): .statement(simplified(tokens))
    }
  }

  private static func simplified(_ tokens: [JinjaLexer.Token]) -> [JinjaLexer.Token] {
    var result: [JinjaLexer.Token] = []
    var rest = tokens[...]
    while let token = rest.popFirst() {
      if token == .symbol("."),
        let name = ["role", "content"].first(where: { rest.first == .name($0) })
      {
        rest.removeFirst()
        result += [.symbol("["), .string(name), .symbol("]")]
      } else if token == .name("raise_exception"), rest.count >= 3, rest.first == .symbol("("),
        case .string = rest[rest.startIndex + 1], rest[rest.startIndex + 2] == .symbol(")")
      {
        rest.removeFirst(3)
        result += [token, .symbol("("), .symbol(")")]
      } else {
        result.append(token)
      }
    }
    return result
  }

  /// Returns the slot that a string contains, and the part of the string that is its value.
  private static func slot(
    at index: Int, of tokens: [JinjaLexer.Token]
  ) -> (Slot, value: String)? {
    guard case .string(let text) = tokens[index] else { return nil }
    if tokens[..<index] == [.name("set"), .name("date_string"), .symbol("=")] {
      return (.date, text)
    }
    for (slot, opening, closing) in marks {
      let (start, end, all) = (Array(opening.utf8), Array(closing.utf8), Array(text.utf8))
      if all.count >= start.count + end.count, all.starts(with: start),
        all.suffix(end.count).elementsEqual(end)
      {
        let inner = all.dropFirst(start.count).dropLast(end.count)
        return (slot, String(decoding: inner, as: UTF8.self))
      }
    }
    return nil
  }

  private static let marks: [(Slot, String, String)] = [
    (.system, "<|im_start|>system\n", "<|im_end|>\n"), (.cutoff, "Cutting Knowledge Date: ", "\n"),
  ]

  // MARK: - Bytes

  private static func bytes(of part: JinjaLexer.Part, _ values: [Slot: String]) -> [UInt8] {
    switch part {
    case .text(let text): return word("t", text)
    case .output(let tokens): return word("o", "\(tokens.count)") + bytes(of: tokens, values)
    case .statement(let tokens): return word("s", "\(tokens.count)") + bytes(of: tokens, values)
    }
  }

  private static func bytes(of tokens: [JinjaLexer.Token], _ values: [Slot: String]) -> [UInt8] {
    tokens.indices.flatMap { index in
      switch tokens[index] {
      case .name(let name): return word("n", name)
      case .number(let number): return word("d", number)
      case .symbol(let symbol): return word("y", symbol)
      case .string(let text):
        if let (slot, _) = slot(at: index, of: tokens) { return word("v", slot.rawValue) }
        // The default system message alone, which some templates repeat before tools.
        if let system = values[.system], !system.isEmpty, system.utf8.elementsEqual(text.utf8) {
          return word("w", Slot.system.rawValue)
        }
        return word("q", text)
      }
    }
  }

  private static func word(_ kind: String, _ text: String) -> [UInt8] {
    Array("\(kind)\(text.utf8.count):\(text)".utf8)
  }
}

extension JinjaLexer.Part {
  /// The tokens of a tag; empty for text.
  fileprivate var tokens: [JinjaLexer.Token] {
    switch self {
    case .text: []
    case .output(let tokens), .statement(let tokens): tokens
    }
  }
}
