import FerryCheckpoints

/// What surrounds the model: normalizers, pre-tokenizers, decoders, the post-processor.
extension TokenizerReader {
  func normalizers() throws(TokenizerError) -> [Normalizer] {
    var result: [Normalizer] = []
    for component in try flattened(json["normalizer"], "normalizer", list: "normalizers") {
      switch try type(of: component, "normalizer") {
      case "NFC": result.append(.nfc)
      case "Prepend": result.append(.prepend(try text(component, "prepend")))
      case "Replace":
        result.append(
          .replace(try literal(component, "normalizer"), with: try text(component, "content")))
      case "BertNormalizer": result.append(.bert(try bertNormalizer(component)))
      case let type: throw unsupported("the normalizer \(type)")
      }
    }
    return result
  }

  /// Accents go with capitals unless the file says otherwise.
  private func bertNormalizer(_ component: JSONValue) throws(TokenizerError) -> BertNormalizer {
    let lowercases = try flag(component, "lowercase", default: true)
    return BertNormalizer(
      cleansText: try flag(component, "clean_text", default: true),
      spacesChinese: try flag(component, "handle_chinese_chars", default: true),
      stripsAccents: try flag(component, "strip_accents", default: lowercases),
      lowercases: lowercases)
  }

  /// The pattern of a replacement, which must be a plain text.
  private func literal(_ component: JSONValue, _ kind: String) throws(TokenizerError) -> [UInt8] {
    guard let pattern = component["pattern"]?["String"]?.string, !pattern.isEmpty else {
      throw unsupported("the \(kind) Replace of a regular expression")
    }
    return Array(pattern.utf8)
  }

  /// The steps that cut text, and whether the words then are bytes.
  func preTokenizers() throws(TokenizerError) -> (steps: [PreTokenizer], isByteLevel: Bool) {
    let components = try flattened(
      json["pre_tokenizer"], "pre-tokenizer", list: "pretokenizers")
    var steps: [PreTokenizer] = []
    for (index, component) in components.enumerated() {
      switch try type(of: component, "pre-tokenizer") {
      case "ByteLevel":
        guard index == components.count - 1 else {
          throw unsupported("a pre-tokenizer after ByteLevel")
        }
        return (steps + (try byteLevelSteps(component)), true)
      case "Split": steps.append(try split(component))
      case "Digits":
        steps.append(
          .digits(individually: try flag(component, "individual_digits", default: false)))
      case "Metaspace": steps.append(try metaspace(component))
      case "BertPreTokenizer": steps.append(.bert)
      case let type: throw unsupported("the pre-tokenizer \(type)")
      }
    }
    return (steps, false)
  }

  private func byteLevelSteps(_ component: JSONValue) throws(TokenizerError) -> [PreTokenizer] {
    var steps: [PreTokenizer] = []
    if try flag(component, "add_prefix_space", default: true) { steps.append(.prefixSpace) }
    if try flag(component, "use_regex", default: true) { steps.append(.split(.gpt2)) }
    return steps
  }

  private func split(_ component: JSONValue) throws(TokenizerError) -> PreTokenizer {
    guard let expression = component["pattern"]?["Regex"]?.string else {
      throw unsupported("the pre-tokenizer Split by a plain text")
    }
    let pattern = SplitPattern(recognising: expression)
    // The patterns match everything, so that keeping the matches and cutting at them are the same.
    let behavior = component["behavior"]?.string ?? "missing"
    let inverts = try flag(component, "invert", default: false)
    guard behavior == "Isolated" || behavior == "Removed" && inverts && pattern != nil else {
      throw unsupported("the pre-tokenizer Split with the behavior \(behavior)")
    }
    if let pattern { return .split(pattern) }
    do {
      return .expression(try SplitExpression(expression))
    } catch {
      throw unsupported(
        "the pre-tokenizer Split by the expression \(expression) (\(error.message))")
    }
  }

  private func metaspace(_ component: JSONValue) throws(TokenizerError) -> PreTokenizer {
    .metaspace(
      replacement: try text(component, "replacement"),
      prefix: try metaspacePrefix(component),
      splits: try flag(component, "split", default: true))
  }

  /// Older files say `add_prefix_space`, newer ones `prepend_scheme`.
  private func metaspacePrefix(
    _ component: JSONValue
  ) throws(TokenizerError) -> PreTokenizer.MetaspacePrefix {
    switch component["prepend_scheme"]?.string {
    case "always": return .always
    case "first": return .first
    case "never": return .never
    case nil: return try flag(component, "add_prefix_space", default: true) ? .always : .never
    case let scheme?: throw malformed("the prepend_scheme '\(scheme)' does not exist")
    }
  }

  func decoding() throws(TokenizerError) -> TokenDecoding {
    let components = try flattened(json["decoder"], "decoder", list: "decoders")
    var types: [String] = []
    for component in components { types.append(try type(of: component, "decoder")) }
    switch types {
    case ["ByteLevel"]: return .byteLevel
    case ["Metaspace"]:
      return .metaspace(
        replacement: try text(components[0], "replacement"),
        dropsFirst: try metaspacePrefix(components[0]) != .never)
    case ["Replace", "ByteFallback", "Fuse"]:
      return try spaceMarks(components[0], strippedSpaces: 0)
    case ["Replace", "ByteFallback", "Fuse", "Strip"]:
      return try spaceMarks(components[0], strippedSpaces: try strippedSpaces(components[3]))
    case ["WordPiece"]:
      return .wordPiece(
        prefix: try text(components[0], "prefix"),
        cleansUp: try flag(components[0], "cleanup", default: true))
    case []: throw unsupported("a tokenizer without a decoder")
    default: throw unsupported("the decoder \(types.joined(separator: ", "))")
    }
  }

  private func spaceMarks(
    _ replace: JSONValue, strippedSpaces: Int
  ) throws(TokenizerError) -> TokenDecoding {
    let content = try text(replace, "content")
    guard content == [0x20] else { throw unsupported("the decoder Replace by other than a space") }
    return .spaceMarks(
      replacement: try literal(replace, "decoder"), spellsBytes: true,
      strippedSpaces: strippedSpaces)
  }

  private func strippedSpaces(_ strip: JSONValue) throws(TokenizerError) -> Int {
    guard let start = strip["start"]?.int, start >= 0, strip["stop"]?.int == 0,
      strip["content"]?.string == " "
    else { throw unsupported("the decoder Strip of other than spaces at the beginning") }
    return start
  }
}
