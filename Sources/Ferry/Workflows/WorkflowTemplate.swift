/// A text with places that items and earlier stages fill: "Describe {item.subject}: {caption}". A brace itself is
/// written twice.
public struct WorkflowTemplate: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    case text(String)
    /// A field of the item.
    case item(String)
    /// What an earlier stage made.
    case stage(String)
  }

  let pieces: [Piece]

  /// The text as it stands in the file.
  public let source: String

  /// Parses a template; an error names what is wrong with it.
  init(_ source: String) throws(TemplateError) {
    self.source = source
    var pieces: [Piece] = []
    var text = ""
    var rest = source[...]
    while let character = rest.popFirst() {
      guard character == "{" || character == "}" else {
        text.append(character)
        continue
      }
      if rest.first == character {
        text.append(rest.removeFirst())
        continue
      }
      guard character == "{", let end = rest.firstIndex(of: "}") else {
        throw TemplateError(message: "a single brace; write it twice, or close {a place}")
      }
      if !text.isEmpty { pieces.append(.text(text)) }
      text = ""
      pieces.append(try Self.place(String(rest[..<end])))
      rest = rest[rest.index(after: end)...]
    }
    if !text.isEmpty { pieces.append(.text(text)) }
    self.pieces = pieces
  }

  struct TemplateError: Error {
    let message: String
  }

  private static func place(_ name: String) throws(TemplateError) -> Piece {
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) })
    else { throw TemplateError(message: "{\(name)} names no item's field and no stage") }
    guard name.hasPrefix("item.") else { return .stage(name) }
    return .item(String(name.dropFirst("item.".count)))
  }

  /// The text with its places filled.
  func filled(item: [String: String], stages: [String: String]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .item(let field): item[field] ?? ""
      case .stage(let name): stages[name] ?? ""
      }
    }.joined()
  }

  /// The texts that may come out where `stages` may have made these; nil where one of them may have made
  /// anything, or where there are more than ten thousand.
  func possibilities(item: [String: String], stages: [String: Set<String>]) -> Set<String>? {
    var texts: Set<String> = [""]
    for piece in pieces {
      let values: Set<String>
      switch piece {
      case .text(let text): values = [text]
      case .item(let field): values = [item[field] ?? ""]
      case .stage(let name):
        guard let known = stages[name] else { return nil }
        values = known
      }
      guard texts.count * values.count <= 10_000 else { return nil }
      texts = Set(texts.flatMap { text in values.map { text + $0 } })
    }
    return texts
  }
}
