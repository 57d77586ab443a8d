import FerryCheckpoints

/// Reads the parts of a tokenizer in GGUF metadata.
struct GGUFTokenizerReader {
  let metadata: GGUFMetadata
  let file: String

  /// `tokenizer.ggml.token_type`, as far as it matters here.
  private enum TokenType: Int { case control = 3, userDefined = 4 }

  private func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }

  private func malformed(_ message: String) -> TokenizerError {
    TokenizerError(.malformed, file: file, message)
  }

  func vocabulary() throws(TokenizerError) -> TokenizerParts {
    guard let tokens = metadata.strings(key("tokens")), !tokens.isEmpty else {
      throw TokenizerError(
        .missing, file: file,
        "it holds no tokenizer (tokenizer.ggml.tokens); take a file made from a language model")
    }
    return TokenizerParts(texts: tokens.map { Array($0.utf8) }, file: file)
  }

  func kind() throws(TokenizerError) -> GGUFTokenizerKind {
    switch metadata.string(key("model")) {
    case "gpt2": return try byteLevelKind()
    case "llama":
      return .sentencePiece(addsSpacePrefix: metadata.bool(key("add_space_prefix")) ?? true)
    case let model:
      throw unsupported("the tokenizer model '\(model ?? "")' (tokenizer.ggml.model)")
    }
  }

  private func byteLevelKind() throws(TokenizerError) -> GGUFTokenizerKind {
    guard let pre = metadata.string(key("pre")) else {
      throw TokenizerError(
        .missing, file: file,
        "it does not say how words are cut (tokenizer.ggml.pre); convert the model again")
    }
    guard let kind = GGUFTokenizerKind.byteLevel(pre) else {
      throw unsupported("the way of cutting words '\(pre)' (tokenizer.ggml.pre)")
    }
    return kind
  }

  private func unsupported(_ message: String) -> TokenizerError {
    TokenizerError(
      .unsupported, file: file, "\(message) is not implemented; the model cannot be used with text")
  }

  /// The token that a key names, which must exist.
  func token(_ name: String, in pieces: ByteStrings) throws(TokenizerError) -> Int? {
    guard let id = metadata.int(key(name)) else { return nil }
    guard (0..<pieces.count).contains(id) else {
      throw malformed("tokenizer.ggml.\(name) is \(id), which is no token")
    }
    return id
  }

  /// The ends of a text, of a turn and of a message.
  func endOfText(_ pieces: ByteStrings) throws(TokenizerError) -> Set<Int> {
    var result: Set<Int> = []
    for name in ["eos_token_id", "eot_token_id", "eom_token_id"] {
      if let id = try token(name, in: pieces) { result.insert(id) }
    }
    return result
  }

  /// Control tokens and those the maker defined: both are found in text as it comes.
  func addedTokens(_ pieces: ByteStrings) throws(TokenizerError) -> [AddedToken] {
    guard let types = metadata.ints(key("token_type")) else { return [] }
    guard types.count == pieces.count else {
      throw malformed("\(types.count) token types for \(pieces.count) tokens")
    }
    var tokens: [AddedToken] = []
    for (id, number) in types.enumerated() {
      guard let type = TokenType(rawValue: number), !pieces[id].isEmpty else { continue }
      tokens.append(
        AddedToken(id: id, content: Array(pieces[id]), isSpecial: type == .control))
    }
    return tokens
  }

  func model(
    _ parts: TokenizerParts, _ pieces: ByteStrings, _ kind: GGUFTokenizerKind
  ) throws(TokenizerError) -> BytePairModel {
    let tokens = kind.isByteLevel ? parts.tokens(byteLevel: true) : pieces
    return BytePairModel(
      tokens: tokens,
      symbols: kind.isByteLevel
        ? .bytes(TokenizerParts.byteTable(tokens))
        : .scalars(fallback: TokenizerParts.fallbackTable(pieces)),
      rules: kind.isByteLevel ? try listed(parts, pieces) : try scored(pieces),
      prefersWholeWords: kind.prefersWholeWords,
      unknown: kind.isByteLevel
        ? nil : try token("unknown_token_id", in: pieces).map { Int32($0) },
      fusesUnknown: false)
  }

  private func listed(
    _ parts: TokenizerParts, _ pieces: ByteStrings
  ) throws(TokenizerError) -> BytePairModel.Rules {
    guard let lines = metadata.strings(key("merges")) else {
      throw malformed("it has no tokenizer.ggml.merges")
    }
    var merges: [(left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)] = []
    merges.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() { merges.append(try parts.merge(line, at: index)) }
    return try parts.rules(merges: merges, vocabulary: pieces)
  }

  /// Equal scores are equal ranks: of those, the leftmost pair merges first.
  private func scored(_ pieces: ByteStrings) throws(TokenizerError) -> BytePairModel.Rules {
    guard case .floats(let scores)? = metadata.values[key("scores")] else {
      throw malformed("it has no tokenizer.ggml.scores")
    }
    guard scores.count == pieces.count, scores.allSatisfy(\.isFinite) else {
      throw malformed("tokenizer.ggml.scores does not hold a finite number for each token")
    }
    let descending = Set(scores).sorted(by: >)
    let ranks = Dictionary(
      uniqueKeysWithValues: descending.enumerated().map { ($1, UInt32($0)) })
    return .scored(scores.map { ranks[$0] ?? .max })
  }
}
