extension JSONValue {
  /// How a document is laid out.
  package enum Spacing: Sendable {
    /// No space at all.
    case compact
    /// One line with a space after commas and colons, as Python's `json.dumps` writes it.
    case spaced
    /// One member or element a line, indented by two spaces a level, as Hugging Face writes configs.
    case indented
  }

  /// The document as text. Numbers keep their spelling and members their order; only quotes,
  /// backslashes and control characters are escaped.
  package func serialized(_ spacing: Spacing = .compact) -> String {
    var writer = JSONWriter(spacing: spacing)
    writer.write(self, level: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A whole number.
  package static func integer(_ value: Int) -> JSONValue { .number(String(value)) }
}

private struct JSONWriter {
  let spacing: JSONValue.Spacing
  var bytes: [UInt8] = []

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: write("null")
    case .bool(let value): write(value ? "true" : "false")
    case .number(let spelling): write(spelling)
    case .string(let text): write(quoted: text)
    case .array(let values):
      container("[", "]", values, level: level) { $0.write($1, level: level + 1) }
    case .object(let members):
      container("{", "}", members, level: level) { writer, member in
        writer.write(quoted: member.key)
        writer.write(writer.spacing == .compact ? ":" : ": ")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func container<Item>(
    _ open: String, _ close: String, _ items: [Item], level: Int,
    _ body: (inout JSONWriter, Item) -> Void
  ) {
    write(open)
    for (index, item) in items.enumerated() {
      if index > 0 { write(spacing == .spaced ? ", " : ",") }
      lineBreak(level: level + 1)
      body(&self, item)
    }
    if !items.isEmpty { lineBreak(level: level) }
    write(close)
  }

  private mutating func lineBreak(level: Int) {
    guard spacing == .indented else { return }
    bytes.append(0x0a)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
  }

  private mutating func write(quoted text: String) {
    bytes.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22: write("\\\"")
      case 0x5c: write("\\\\")
      case 0x08: write("\\b")
      case 0x09: write("\\t")
      case 0x0a: write("\\n")
      case 0x0c: write("\\f")
      case 0x0d: write("\\r")
      case 0..<0x20: write("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}
