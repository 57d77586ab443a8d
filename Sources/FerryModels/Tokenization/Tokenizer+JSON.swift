package import FerryCheckpoints

extension Tokenizer {
  /// Reads a HF `tokenizer.json`, with the `tokenizer_config.json` beside it if there is one.
  ///
  /// Byte pair models (byte-level or with byte fallback) and WordPiece are implemented, Unigram is not. `truncation`
  /// and `padding` apply to the reference's batches and have no meaning here.
  package init(
    tokenizerJSON: JSONValue, configuration: JSONValue? = nil, file: String
  ) throws(TokenizerError) {
    let reader = TokenizerReader(json: tokenizerJSON, file: file)
    var parts = try reader.vocabulary()
    let preTokenizers = try reader.preTokenizers()
    let model = try reader.model(parts, isByteLevel: preTokenizers.isByteLevel)
    let added = try reader.addedTokens()
    let normalizers = try reader.normalizers()
    try parts.add(added, normalizers: normalizers)
    let pieces = ByteStrings(parts.texts, count: parts.texts.count)
    let template = try reader.template(pieces)
    let eos = Self.namedToken("eos_token", configuration, pieces)
    self.init(
      pieces: pieces, model: model, normalizers: normalizers,
      preTokenizers: preTokenizers.steps, decoding: try reader.decoding(), addedTokens: added,
      prefix: template.prefix, suffix: template.suffix,
      bos: Self.namedToken("bos_token", configuration, pieces),
      eos: eos, endOfText: Set([eos].compactMap { $0 }))
  }

  /// The token that a `tokenizer_config.json` names, as a text or as an object with a `content`.
  private static func namedToken(
    _ key: String, _ configuration: JSONValue?, _ pieces: ByteStrings
  ) -> Int? {
    guard let value = configuration?[key], let text = value.string ?? value["content"]?.string
    else { return nil }
    return pieces.find(text.utf8)
  }

  /// Adds the tokens that end a generation by the `eos_token_id` (a number or a list) of a
  /// `generation_config.json` or `config.json`.
  package mutating func addEndOfText(from configuration: JSONValue) {
    guard let value = configuration["eos_token_id"] else { return }
    endOfText.formUnion((value.array ?? [value]).compactMap(\.int))
  }
}
