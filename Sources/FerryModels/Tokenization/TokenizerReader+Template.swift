import FerryCheckpoints

/// The post-processor: what goes around a text.
extension TokenizerReader {
  func template(
    _ pieces: ByteStrings
  ) throws(TokenizerError) -> (prefix: [Int], suffix: [Int]) {
    var result: (prefix: [Int], suffix: [Int]) = ([], [])
    for component in try flattened(json["post_processor"], "post-processor", list: "processors") {
      switch try type(of: component, "post-processor") {
      case "ByteLevel": continue  // changes offsets only
      case "TemplateProcessing":
        let template = try around(component)
        result = (template.prefix + result.prefix, result.suffix + template.suffix)
      case "BertProcessing":
        result.prefix = [try number("cls", of: component)] + result.prefix
        result.suffix.append(try number("sep", of: component))
      case let type: throw unsupported("the post-processor \(type)")
      }
    }
    for id in result.prefix + result.suffix where !(0..<pieces.count).contains(id) {
      throw malformed("the post-processor adds \(id), which is no token")
    }
    return result
  }

  /// The number of a token that stands as [text, number].
  private func number(_ key: String, of component: JSONValue) throws(TokenizerError) -> Int {
    guard let pair = component[key]?.array, pair.count == 2, let id = pair[1].int else {
      throw malformed("the post-processor does not tell the number of its token '\(key)'")
    }
    return id
  }

  private func around(
    _ template: JSONValue
  ) throws(TokenizerError) -> (prefix: [Int], suffix: [Int]) {
    guard let items = template["single"]?.array else {
      throw malformed("the post-processor's template 'single' is no list")
    }
    var parts: [[Int]] = [[]]
    for item in items {
      if item["Sequence"] != nil {
        parts.append([])
      } else if let name = item["SpecialToken"]?["id"]?.string {
        parts[parts.count - 1] += try ids(of: name, template)
      } else {
        throw malformed("the post-processor's template has an item of unknown kind")
      }
    }
    guard parts.count == 2 else {
      throw malformed("the post-processor's template does not hold the text once")
    }
    return (parts[0], parts[1])
  }

  private func ids(of name: String, _ template: JSONValue) throws(TokenizerError) -> [Int] {
    guard let list = template["special_tokens"]?[name]?["ids"]?.array else {
      throw malformed("the post-processor does not tell the number of '\(name)'")
    }
    var ids: [Int] = []
    for entry in list {
      guard let id = entry.int else { throw malformed("the number of '\(name)' is no number") }
      ids.append(id)
    }
    return ids
  }
}
