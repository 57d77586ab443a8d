/// The tags of a Jinja template in a normal form, by which templates are recognised.
///
/// Templates of one family differ in white space, in the kind of quotes, in whether a line end is
/// written as such or as `\n`, and in `message.role` for `message['role']`; none of that is left in
/// the normal form. Text outside tags is kept as it would be printed.
struct TemplateOutline {
  /// Tags in order: `{{…}}` prints, `{%…%}` does not.
  private(set) var tags: [String] = []
  /// Whether something is printed that stands outside of tags.
  private(set) var printsPlainText = false

  private let text: [Unicode.Scalar]
  private var position = 0

  init(_ template: String) {
    text = Array(template.unicodeScalars)
    var plain: [Unicode.Scalar] = []
    while position < text.count {
      if text[position] == "{", position + 1 < text.count,
        let close = Self.closings[text[position + 1]]
      {
        endPlainText(&plain, nextStripsLeft: follows("-", at: position + 2))
        readTag(close: close)
      } else {
        plain.append(text[position])
        position += 1
      }
    }
    endPlainText(&plain, nextStripsLeft: false)
  }

  /// All tags, one after the other.
  var code: String { tags.joined() }

  /// What the tags that print print, in order.
  var outputs: [Substring] {
    tags.filter { $0.hasPrefix("{{") }.map { $0.dropFirst(2).dropLast(2) }
  }

  private static let closings: [Unicode.Scalar: Unicode.Scalar] = ["{": "}", "%": "%", "#": "#"]

  private var stripsLeading = false
  private var dropsLineEnd = false

  private func follows(_ scalar: Unicode.Scalar, at index: Int) -> Bool {
    index < text.count && text[index] == scalar
  }

  /// Applies what `transformers` asks of Jinja: a dash strips all white space on its side, the line
  /// end after a statement is dropped, and so are spaces before a statement that begins its line.
  private mutating func endPlainText(_ plain: inout [Unicode.Scalar], nextStripsLeft: Bool) {
    defer { plain.removeAll() }
    let isBlank = plain.allSatisfy(\.properties.isWhitespace)
    if !isBlank { return printsPlainText = true }
    if stripsLeading || nextStripsLeft { return }
    let beginsLine = tags.isEmpty && !dropsLineEnd || dropsLineEnd && plain.first == "\n"
    if dropsLineEnd, plain.first == "\n" { plain.removeFirst() }
    if position >= text.count {
      if plain.last == "\n" { plain.removeLast() }
    } else if !follows("{", at: position + 1) {
      Self.dropIndentation(&plain, beginsLine: beginsLine)
    }
    if !plain.isEmpty { printsPlainText = true }
  }

  /// Drops the spaces that a line begins with, if there is nothing else in it.
  private static func dropIndentation(_ plain: inout [Unicode.Scalar], beginsLine: Bool) {
    let indentation = plain.reversed().prefix { $0 == " " || $0 == "\t" }.count
    if beginsLine || indentation < plain.count { plain.removeLast(indentation) }
  }

  private mutating func readTag(close: Unicode.Scalar) {
    position += 2
    var code = ""
    while position < text.count, !(text[position] == close && follows("}", at: position + 1)) {
      if close != "#", text[position] == "'" || text[position] == "\"" {
        code += quoted()
      } else {
        if close != "#" { append(text[position], to: &code) }
        position += 1
      }
    }
    stripsLeading = position > 0 && position <= text.count && text[position - 1] == "-"
    dropsLineEnd = close != "}"
    position += 2
    if close == "#" { return }
    finish(&code, close: close)
  }

  private mutating func finish(_ code: inout String, close: Unicode.Scalar) {
    if code.hasPrefix("-") || code.hasPrefix("+") { code.removeFirst() }
    if code.hasSuffix("-") { code.removeLast() }
    for name in ["role", "content"] {
      code = code.replacingText("message.\(name)", with: "message['\(name)']")
      code = code.replacingText("messages[0].\(name)", with: "messages[0]['\(name)']")
    }
    if code.hasSuffix(" ") { code.removeLast() }
    tags.append(close == "}" ? "{{\(code)}}" : "{%\(code)%}")
  }

  /// White space is kept, as one space, only between words.
  private func append(_ scalar: Unicode.Scalar, to code: inout String) {
    let isWord =
      scalar.properties.isAlphabetic || scalar == "_" || scalar.properties.numericType != nil
    if scalar.properties.isWhitespace {
      if let last = code.unicodeScalars.last, last.properties.isAlphabetic { code += " " }
    } else {
      if !isWord, code.hasSuffix(" ") { code.removeLast() }
      code.unicodeScalars.append(scalar)
    }
  }

  /// A text in quotes, with escapes resolved.
  private mutating func quoted() -> String {
    let quote = text[position]
    var result = "'"
    position += 1
    while position < text.count, text[position] != quote {
      var scalar = text[position]
      if scalar == "\\", position + 1 < text.count {
        position += 1
        scalar = ["n": "\n", "t": "\t", "r": "\r"][text[position]] ?? text[position]
      }
      result.unicodeScalars.append(scalar)
      position += 1
    }
    position += 1
    return result + "'"
  }
}

extension String {
  /// This text with every occurrence of another replaced.
  func replacingText(_ pattern: String, with content: String) -> String {
    let bytes = Array(utf8).replacing(Array(pattern.utf8), with: Array(content.utf8))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether another text occurs in this one.
  func containsText(_ pattern: String) -> Bool {
    !textBetween(pattern, and: "").isEmpty
  }

  /// What stands between each occurrence of `start` and the next `end` after it.
  func textBetween(_ start: String, and end: String) -> [String] {
    let bytes = Array(utf8)
    var found: [String] = []
    var position = 0
    while let opening = bytes.firstOccurrence(of: Array(start.utf8), from: position) {
      let from = opening + start.utf8.count
      guard let closing = bytes.firstOccurrence(of: Array(end.utf8), from: from) else { break }
      found.append(String(decoding: bytes[from..<closing], as: UTF8.self))
      position = from
    }
    return found
  }
}

extension [UInt8] {
  fileprivate func firstOccurrence(of pattern: [UInt8], from start: Int) -> Int? {
    guard start + pattern.count <= count else { return nil }
    return (start..<(count - pattern.count + 1)).first { self[$0...].starts(with: pattern) }
  }
}
