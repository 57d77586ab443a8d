import FerryCheckpoints

/// The model: vocabulary and merges.
extension TokenizerReader {
  func vocabulary() throws(TokenizerError) -> TokenizerParts {
    guard let model = json["model"] else { throw malformed("it has no model") }
    guard ["BPE", "WordPiece"].contains(modelType) else {
      throw unsupported("the tokenizer model \(modelType)")
    }
    guard let members = model["vocab"]?.object else { throw malformed("'vocab' is no object") }
    var entries: [(text: [UInt8], id: Int)] = []
    entries.reserveCapacity(members.count)
    for member in members {
      guard let id = member.value.int else {
        throw malformed("the token '\(member.key)' has no number")
      }
      entries.append((Array(member.key.utf8), id))
    }
    return TokenizerParts(texts: try TokenizerParts.texts(entries, file: file), file: file)
  }

  /// Files of before 2020 do not name the type; only byte pairs have merges.
  private var modelType: String {
    json["model"]?["type"]?.string ?? (json["model"]?["merges"] == nil ? "without a type" : "BPE")
  }

  func model(
    _ parts: TokenizerParts, isByteLevel: Bool
  ) throws(TokenizerError) -> TokenizerModel {
    modelType == "WordPiece"
      ? .wordPiece(try wordPieceModel(parts))
      : .bytePair(try bytePairModel(parts, isByteLevel: isByteLevel))
  }

  private func wordPieceModel(_ parts: TokenizerParts) throws(TokenizerError) -> WordPieceModel {
    guard let model = json["model"] else { throw malformed("it has no model") }
    let vocabulary = parts.tokens(byteLevel: false)
    guard let unknown = vocabulary.find((model["unk_token"]?.string ?? "[UNK]").utf8) else {
      throw malformed("the unknown token is not in the vocabulary")
    }
    let longest = model["max_input_chars_per_word"] ?? .integer(100)
    guard let longest = longest.int, longest >= 0 else {
      throw malformed("'max_input_chars_per_word' is no number from 0 on")
    }
    return WordPieceModel(
      tokens: vocabulary,
      continuation: Array((model["continuing_subword_prefix"]?.string ?? "##").utf8),
      unknown: unknown, longestWord: longest)
  }

  private func bytePairModel(
    _ parts: TokenizerParts, isByteLevel: Bool
  ) throws(TokenizerError) -> BytePairModel {
    guard let model = json["model"] else { throw malformed("it has no model") }
    try refuseVariants(of: model)
    let vocabulary = parts.tokens(byteLevel: false)
    let tokens = isByteLevel ? parts.tokens(byteLevel: true) : vocabulary
    let hasFallback = try flag(model, "byte_fallback", default: false)
    if isByteLevel, hasFallback { throw unsupported("byte_fallback of a byte-level tokenizer") }
    let fallback =
      hasFallback
      ? TokenizerParts.fallbackTable(vocabulary) : [Int32](repeating: -1, count: 256)
    return BytePairModel(
      tokens: tokens,
      symbols: isByteLevel
        ? .bytes(TokenizerParts.byteTable(tokens)) : .scalars(fallback: fallback),
      rules: try parts.rules(merges: try merges(of: model, parts), vocabulary: vocabulary),
      prefersWholeWords: try flag(model, "ignore_merges", default: false),
      unknown: try unknown(of: model, vocabulary),
      fusesUnknown: try flag(model, "fuse_unk", default: false))
  }

  private func refuseVariants(of model: JSONValue) throws(TokenizerError) {
    if let dropout = model["dropout"], !dropout.isNull, dropout.double != 0 {
      throw unsupported("the random dropout of merges ('dropout')")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let value = model[key], !value.isNull, value.string != "" { throw unsupported("'\(key)'") }
    }
  }

  private func unknown(
    of model: JSONValue, _ vocabulary: ByteStrings
  ) throws(TokenizerError) -> Int32? {
    guard let token = model["unk_token"], !token.isNull else { return nil }
    guard let id = vocabulary.find(try text(model, "unk_token")) else {
      throw malformed("the unknown token is not in the vocabulary")
    }
    return Int32(id)
  }

  /// Merges are written "a b", or ["a", "b"] by newer versions.
  private func merges(
    of model: JSONValue, _ parts: TokenizerParts
  ) throws(TokenizerError) -> [(left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)] {
    guard let list = model["merges"]?.array else { throw malformed("'merges' is no list") }
    var merges: [(left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)] = []
    merges.reserveCapacity(list.count)
    for (index, entry) in list.enumerated() {
      if let text = entry.string {
        merges.append(try parts.merge(text, at: index))
      } else if let pair = entry.array, pair.count == 2, let left = pair[0].string,
        let right = pair[1].string
      {
        merges.append((Array(left.utf8)[...], Array(right.utf8)[...]))
      } else {
        throw malformed("merge \(index) is not two texts")
      }
    }
    return merges
  }
}
