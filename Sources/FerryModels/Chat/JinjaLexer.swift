/// The tokens of a Jinja template, as Jinja's own lexer produces them with transformers' settings (`trim_blocks`,
/// `lstrip_blocks`, no trailing newline): literal text and tags.
///
/// Everything that only affects the template's layout is dropped: white space stripped by a dash or by these settings,
/// comments, and inside tags white space and the choice of quotes. Everything else is kept.
struct JinjaLexer {
  /// One part of a template.
  enum Part: Hashable, Sendable {
    /// Text outside tags, printed verbatim.
    case text(String)
    /// `{{ … }}`.
    case output([Token])
    /// `{% … %}`.
    case statement([Token])
  }

  /// One token of a tag.
  enum Token: Hashable, Sendable {
    /// The content of a string literal, with escapes resolved.
    case string(String)
    case name(String)
    case number(String)
    case symbol(String)
  }

  /// An invalid template, or syntax that the lexer does not support (`raw` blocks, numeric escapes).
  struct Unreadable: Error {}

  private let source: [Unicode.Scalar]
  private var position = 0
  private var parts: [Part] = []
  /// A Boolean value that indicates whether the last character read ended a line.
  private var beginsLine = true

  /// Returns the parts of a template; nil if it contains syntax that the lexer does not support.
  static func parts(of template: String) -> [Part]? {
    var lexer = JinjaLexer(template)
    return try? lexer.read()
  }

  private init(_ template: String) {
    var scalars: [Unicode.Scalar] = []
    for scalar in template.unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      scalars.append(scalar)
    }
    source = scalars.map { $0 == "\r" ? "\n" : $0 }
  }

  private mutating func read() throws(Unreadable) -> [Part] {
    while let opening = nextOpening() {
      readText(upTo: opening)
      position = opening + 2
      let kind = source[opening + 1]
      if position < source.count, source[position] == "-" || source[position] == "+" {
        position += 1
      }
      switch kind {
      case "{": try readTag(closing: "}") { .output($0) }
      case "%": try readTag(closing: "%") { .statement($0) }
      default: try skipComment()
      }
    }
    var rest = source[position...]
    if rest.last == "\n" { rest.removeLast() }
    append(rest)
    return parts
  }

  // MARK: - Text

  private func nextOpening() -> Int? {
    var index = position
    while index + 1 < source.count {
      if source[index] == "{", ["{", "%", "#"].contains(source[index + 1]) { return index }
      index += 1
    }
    return nil
  }

  /// Reads the text before the tag that opens at `end`, without the white space that the tag strips.
  private mutating func readText(upTo end: Int) {
    var text = source[position..<end]
    let mark = end + 2 < source.count ? source[end + 2] : " "
    if mark == "-" {
      while let last = text.last, last.isPythonSpace { text.removeLast() }
    } else if mark != "+", source[end + 1] != "{" {
      let line = text.lastIndex(of: "\n").map { $0 + 1 } ?? text.startIndex
      if line > text.startIndex || beginsLine, text[line...].allSatisfy(\.isPythonSpace) {
        text = text[..<line]
      }
    }
    append(text)
  }

  private mutating func append(_ text: ArraySlice<Unicode.Scalar>) {
    guard !text.isEmpty else { return }
    var string = ""
    string.unicodeScalars.append(contentsOf: text)
    if case .text(let before)? = parts.last {
      parts[parts.count - 1] = .text(before + string)
    } else {
      parts.append(.text(string))
    }
  }

  // MARK: - Tags

  private mutating func skipComment() throws(Unreadable) {
    let start = position
    while position + 1 < source.count, !(source[position] == "#" && source[position + 1] == "}") {
      position += 1
    }
    guard position + 1 < source.count else { throw Unreadable() }
    let mark = position > start ? source[position - 1] : " "
    position += 2
    endTag(strips: mark == "-", keepsLineEnd: mark == "+")
  }

  private mutating func readTag(
    closing: Unicode.Scalar, _ part: ([Token]) -> Part
  ) throws(Unreadable) {
    var tokens: [Token] = []
    var depth = 0
    while true {
      skipSpaces()
      if depth == 0, try readEnd(closing) { break }
      let token = try readToken()
      if case .symbol(let symbol) = token {
        if ["(", "[", "{"].contains(symbol) { depth += 1 }
        if [")", "]", "}"].contains(symbol) { depth -= 1 }
        guard depth >= 0 else { throw Unreadable() }
      }
      tokens.append(token)
    }
    // Tags are not recognized inside a raw block.
    guard tokens.first != .name("raw") else { throw Unreadable() }
    parts.append(part(tokens))
  }

  /// Reads the end of a tag if it is next.
  private mutating func readEnd(_ closing: Unicode.Scalar) throws(Unreadable) -> Bool {
    guard position < source.count else { throw Unreadable() }
    var index = position
    let mark = source[index]
    if mark == "-" || mark == "+" && closing == "%" { index += 1 }
    guard index + 1 < source.count, source[index] == closing, source[index + 1] == "}" else {
      return false
    }
    position = index + 2
    endTag(strips: mark == "-", keepsLineEnd: closing == "}" || mark == "+")
    return true
  }

  /// Skips the white space after a tag that is not printed.
  private mutating func endTag(strips: Bool, keepsLineEnd: Bool) {
    let end = position
    if strips {
      skipSpaces()
    } else if !keepsLineEnd, position < source.count, source[position] == "\n" {
      position += 1
    }
    beginsLine = position > end && source[position - 1] == "\n"
  }

  private mutating func skipSpaces() {
    while position < source.count, source[position].isPythonSpace { position += 1 }
  }

  private mutating func readToken() throws(Unreadable) -> Token {
    guard position < source.count else { throw Unreadable() }
    let scalar = source[position]
    if scalar == "'" || scalar == "\"" { return .string(try readString(scalar)) }
    if ("0"..."9").contains(scalar) { return .number(readWord { $0.isWord || $0 == "." }) }
    if scalar.isWord { return .name(readWord(\.isWord)) }
    let pair = String(String.UnicodeScalarView(source[position...].prefix(2)))
    let symbol = Self.pairs.contains(pair) ? pair : String(scalar)
    guard Self.pairs.contains(pair) || Self.symbols.contains(scalar) else { throw Unreadable() }
    position += symbol.unicodeScalars.count
    return .symbol(symbol)
  }

  private static let pairs: Set = ["//", "**", "==", "!=", ">=", "<="]
  private static let symbols = Set("+-/*%~[](){}><=.:|,;".unicodeScalars)

  private mutating func readWord(_ belongs: (Unicode.Scalar) -> Bool) -> String {
    var word = ""
    while position < source.count, belongs(source[position]) {
      word.unicodeScalars.append(source[position])
      position += 1
    }
    return word
  }

  private mutating func readString(_ quote: Unicode.Scalar) throws(Unreadable) -> String {
    var string = ""
    position += 1
    while position < source.count, source[position] != quote {
      var scalar = source[position]
      if scalar == "\\" {
        position += 1
        guard position < source.count, let meant = Self.escapes[source[position]] else {
          throw Unreadable()
        }
        scalar = meant
      }
      string.unicodeScalars.append(scalar)
      position += 1
    }
    guard position < source.count else { throw Unreadable() }
    position += 1
    return string
  }

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "n": "\n", "t": "\t", "r": "\r", "'": "'", "\"": "\"", "\\": "\\",
  ]
}

extension Unicode.Scalar {
  /// A Boolean value that indicates whether Python's `\s` and `str.strip` treat the scalar as white space: White_Space
  /// and the four separators U+001C to U+001F.
  var isPythonSpace: Bool { properties.isWhitespace || (0x1c...0x1f).contains(value) }

  /// A Boolean value that indicates whether Python's `\w` matches the scalar.
  fileprivate var isWord: Bool {
    self == "_" || properties.isAlphabetic || properties.numericType != nil
  }
}
