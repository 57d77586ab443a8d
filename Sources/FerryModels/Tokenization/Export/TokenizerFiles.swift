package import FerryCheckpoints

/// The tokenizer of a GGUF file as the files that Hugging Face tools load.
package struct TokenizerFiles: Sendable {
  /// One file.
  package struct File: Sendable {
    package let name: String
    package let document: JSONValue
  }

  /// `tokenizer.json` and `tokenizer_config.json`.
  package let files: [File]

  /// The files for the tokenizer that `metadata` describes; one that Ferry cannot read is an error.
  package init(gguf metadata: GGUFMetadata, file: String) throws(TokenizerError) {
    // Reading it checks everything that is written below.
    let tokenizer = try Tokenizer(gguf: metadata, file: file)
    let description = TokenizerDescription(metadata: metadata, tokenizer: tokenizer)
    files = [
      File(name: "tokenizer.json", document: description.tokenizer),
      File(name: "tokenizer_config.json", document: description.configuration),
    ]
  }
}

/// The documents, made from metadata that has been read once.
private struct TokenizerDescription {
  let metadata: GGUFMetadata
  let pieces: [String]
  let addsBOS: Bool
  let bos: Int?

  init(metadata: GGUFMetadata, tokenizer: Tokenizer) {
    self.metadata = metadata
    pieces = metadata.strings("tokenizer.ggml.tokens") ?? []
    bos = tokenizer.bos
    addsBOS = !tokenizer.encode("", addingSpecialTokens: true).isEmpty
  }

  var isByteLevel: Bool { metadata.string("tokenizer.ggml.model") == "gpt2" }

  private var spaceMark: String { "\u{2581}" }

  private var addsSpacePrefix: Bool { metadata.bool("tokenizer.ggml.add_space_prefix") ?? true }

  var tokenizer: JSONValue {
    let cutting = ByteLevelCutting(name: metadata.string("tokenizer.ggml.pre") ?? "")
    return .object([
      .init("version", .string("1.0")), .init("truncation", .null), .init("padding", .null),
      .init("added_tokens", .array(addedTokens)),
      .init("normalizer", isByteLevel ? cutting.normalizer : spaceNormalizer),
      .init("pre_tokenizer", isByteLevel ? cutting.preTokenizer : .null),
      .init("post_processor", postProcessor),
      .init("decoder", isByteLevel ? ByteLevelCutting.byteLevel(usesRegex: true) : spaceDecoder),
      .init("model", isByteLevel ? byteLevelModel(cutting) : scoredModel),
    ])
  }

  /// Control tokens (3) and those the maker defined (4).
  private var addedTokens: [JSONValue] {
    let types = metadata.ints("tokenizer.ggml.token_type") ?? []
    return types.indices.filter { (types[$0] == 3 || types[$0] == 4) && !pieces[$0].isEmpty }.map {
      .object([
        .init("id", .integer($0)), .init("content", .string(pieces[$0])),
        .init("single_word", .bool(false)), .init("lstrip", .bool(false)),
        .init("rstrip", .bool(false)), .init("normalized", .bool(false)),
        .init("special", .bool(types[$0] == 3)),
      ])
    }
  }

  /// Puts the token that texts begin with in front, where the model wants it.
  private var postProcessor: JSONValue {
    guard addsBOS, let bos else { return .null }
    let token = JSONValue.object([
      .init(
        "SpecialToken", .object([.init("id", .string(pieces[bos])), .init("type_id", .integer(0))]))
    ])
    func sequence(_ id: String, _ type: Int) -> JSONValue {
      .object([
        .init("Sequence", .object([.init("id", .string(id)), .init("type_id", .integer(type))]))
      ])
    }
    let special = JSONValue.object([
      .init("id", .string(pieces[bos])), .init("ids", .array([.integer(bos)])),
      .init("tokens", .array([.string(pieces[bos])])),
    ])
    return .object([
      .init("type", .string("TemplateProcessing")),
      .init("single", .array([token, sequence("A", 0)])),
      .init("pair", .array([token, sequence("A", 0), token, sequence("B", 1)])),
      .init("special_tokens", .object([.init(pieces[bos], special)])),
    ])
  }

  private var vocabulary: JSONValue {
    .object(pieces.indices.map { JSONValue.Member(pieces[$0], .integer($0)) })
  }

  private func model(_ rules: [(String, JSONValue)], merges: [JSONValue]) -> JSONValue {
    let fixed: [JSONValue.Member] = [
      .init("type", .string("BPE")), .init("dropout", .null),
      .init("continuing_subword_prefix", .null), .init("end_of_word_suffix", .null),
    ]
    let members = fixed + rules.map { JSONValue.Member($0.0, $0.1) }
    return .object(members + [.init("vocab", vocabulary), .init("merges", .array(merges))])
  }

  private func byteLevelModel(_ cutting: ByteLevelCutting) -> JSONValue {
    let merges = metadata.strings("tokenizer.ggml.merges") ?? []
    return model(
      [
        ("unk_token", .null), ("fuse_unk", .bool(false)), ("byte_fallback", .bool(false)),
        ("ignore_merges", .bool(cutting.prefersWholeWords)),
      ], merges: merges.map { .string($0) })
  }

  // MARK: - SentencePiece

  private var scoredModel: JSONValue {
    let unknown = metadata.int("tokenizer.ggml.unknown_token_id").map { pieces[$0] }
    return model(
      [
        ("unk_token", unknown.map { .string($0) } ?? .null), ("fuse_unk", .bool(true)),
        ("byte_fallback", .bool(true)), ("ignore_merges", .bool(false)),
      ], merges: SentencePieceMerges(pieces: pieces, metadata: metadata).merges)
  }

  private var spaceNormalizer: JSONValue {
    let prepend = JSONValue.object([
      .init("type", .string("Prepend")), .init("prepend", .string(spaceMark)),
    ])
    let replace = Self.replace(" ", with: spaceMark)
    return Self.sequence("normalizers", (addsSpacePrefix ? [prepend] : []) + [replace])
  }

  private var spaceDecoder: JSONValue {
    let strip = JSONValue.object([
      .init("type", .string("Strip")), .init("content", .string(" ")), .init("start", .integer(1)),
      .init("stop", .integer(0)),
    ])
    let steps = [
      Self.replace(spaceMark, with: " "), .object([.init("type", .string("ByteFallback"))]),
      .object([.init("type", .string("Fuse"))]),
    ]
    return Self.sequence("decoders", steps + (addsSpacePrefix ? [strip] : []))
  }

  private static func replace(_ text: String, with content: String) -> JSONValue {
    .object([
      .init("type", .string("Replace")),
      .init("pattern", .object([.init("String", .string(text))])),
      .init("content", .string(content)),
    ])
  }

  static func sequence(_ key: String, _ steps: [JSONValue]) -> JSONValue {
    .object([.init("type", .string("Sequence")), .init(key, .array(steps))])
  }

  // MARK: - Configuration

  var configuration: JSONValue {
    var members: [JSONValue.Member] = [
      .init("tokenizer_class", .string("PreTrainedTokenizerFast")),
      .init("clean_up_tokenization_spaces", .bool(false)),
    ]
    let roles = [
      "bos_token": "bos_token_id", "eos_token": "eos_token_id", "unk_token": "unknown_token_id",
      "pad_token": "padding_token_id",
    ]
    for (role, key) in roles.sorted(by: { $0.key < $1.key }) {
      guard let id = metadata.int("tokenizer.ggml.\(key)"), pieces.indices.contains(id) else {
        continue
      }
      members.append(.init(role, .string(pieces[id])))
    }
    if let architecture = metadata.string("general.architecture"),
      let length = metadata.int("\(architecture).context_length")
    {
      members.append(.init("model_max_length", .integer(length)))
    }
    if let template = metadata.string("tokenizer.chat_template") {
      members.append(.init("chat_template", .string(template)))
    }
    return .object(members)
  }
}

/// How a byte-level tokenizer of a GGUF file cuts texts, in Hugging Face's terms.
private struct ByteLevelCutting {
  let normalizer: JSONValue
  let preTokenizer: JSONValue
  let prefersWholeWords: Bool

  /// The cutting that `tokenizer.ggml.pre` names; it has been recognised before.
  init(name: String) {
    let kind = GGUFTokenizerKind.byteLevel(name)
    prefersWholeWords = kind?.prefersWholeWords ?? false
    let composes = kind?.normalizers.contains { if case .nfc = $0 { true } else { false } } ?? false
    normalizer = composes ? .object([.init("type", .string("NFC"))]) : .null
    var steps: [JSONValue] = []
    for step in kind?.preTokenizers ?? [] { steps.append(contentsOf: Self.steps(step)) }
    preTokenizer =
      steps.count == 1 ? steps[0] : TokenizerDescription.sequence("pretokenizers", steps)
  }

  static func byteLevel(usesRegex: Bool) -> JSONValue {
    .object([
      .init("type", .string("ByteLevel")), .init("add_prefix_space", .bool(false)),
      .init("trim_offsets", .bool(true)), .init("use_regex", .bool(usesRegex)),
    ])
  }

  private static func steps(_ step: PreTokenizer) -> [JSONValue] {
    switch step {
    case .digits(let individually):
      return [
        .object([.init("type", .string("Digits")), .init("individual_digits", .bool(individually))])
      ]
    case .split(.gpt2): return [byteLevel(usesRegex: true)]
    case .split(let pattern): return [split(pattern), byteLevel(usesRegex: false)]
    default: return []
    }
  }

  private static func split(_ pattern: SplitPattern) -> JSONValue {
    .object([
      .init("type", .string("Split")),
      .init("pattern", .object([.init("Regex", .string(pattern.expression))])),
      .init("behavior", .string("Isolated")), .init("invert", .bool(false)),
    ])
  }
}

extension SplitPattern {
  /// The text of the pattern.
  fileprivate var expression: String {
    switch self {
    case .llama3: Self.llama3Expression
    case .qwen2: Self.qwen2Expression
    case .tekken: Self.tekkenExpression
    default: Self.gpt2Expression
    }
  }
}
