import FerryCheckpoints

/// Reads the parts of a HF `tokenizer.json`.
struct TokenizerReader {
  let json: JSONValue
  let file: String

  func malformed(_ message: String) -> TokenizerError {
    TokenizerError(.malformed, file: file, message)
  }

  func unsupported(_ message: String) -> TokenizerError {
    TokenizerError(
      .unsupported, file: file, "\(message) is not implemented; the model cannot be used with text")
  }

  /// A component's type.
  func type(of component: JSONValue, _ kind: String) throws(TokenizerError) -> String {
    guard let type = component["type"]?.string else {
      throw malformed("a \(kind) has no type")
    }
    return type
  }

  /// A component, or the components of a sequence of them; none where there is none.
  func flattened(
    _ component: JSONValue?, _ kind: String, list: String
  ) throws(TokenizerError) -> [JSONValue] {
    guard let component, !component.isNull else { return [] }
    guard try type(of: component, kind) == "Sequence" else { return [component] }
    guard let members = component[list]?.array else {
      throw malformed("a \(kind) of type Sequence has no list '\(list)'")
    }
    var result: [JSONValue] = []
    for member in members { result += try flattened(member, kind, list: list) }
    return result
  }

  /// A field that must be a text.
  func text(_ component: JSONValue, _ key: String) throws(TokenizerError) -> [UInt8] {
    guard let text = component[key]?.string else { throw malformed("'\(key)' is no text") }
    return Array(text.utf8)
  }

  /// A truth value; the default where the field is absent, an error where it is something else.
  func flag(
    _ component: JSONValue, _ key: String, default: Bool
  ) throws(TokenizerError) -> Bool {
    guard let value = component[key], !value.isNull else { return `default` }
    guard let flag = value.bool else { throw malformed("'\(key)' is neither true nor false") }
    return flag
  }

  func addedTokens() throws(TokenizerError) -> [AddedToken] {
    guard let list = json["added_tokens"], !list.isNull else { return [] }
    guard let entries = list.array else { throw malformed("'added_tokens' is no list") }
    var tokens: [AddedToken] = []
    for entry in entries {
      guard let id = entry["id"]?.int else { throw malformed("an added token has no number") }
      var token = AddedToken(id: id, content: try text(entry, "content"))
      token.isSingleWord = try flag(entry, "single_word", default: false)
      token.stripsLeft = try flag(entry, "lstrip", default: false)
      token.stripsRight = try flag(entry, "rstrip", default: false)
      token.isNormalized = try flag(entry, "normalized", default: true)
      token.isSpecial = try flag(entry, "special", default: false)
      tokens.append(token)
    }
    return tokens
  }
}
