import FerryCheckpoints

/// A `vocab.txt`, as BERT was published with, and the `tokenizer_config.json` beside it.
struct WordPieceFiles {
  private let tokens: [String]
  private let configuration: JSONValue?
  private let file: String

  /// The tokens of a vocabulary: one a line, numbered from 0.
  init(vocabulary: String, configuration: JSONValue?, file: String) {
    var lines = vocabulary.utf8.split(separator: 10, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    tokens = lines.map { String(Substring($0.last == 13 ? $0.dropLast() : $0)) }
    self.configuration = configuration
    self.file = file
  }

  /// The `tokenizer.json` that Hugging Face's converter makes of them.
  func tokenizerJSON() throws(TokenizerError) -> JSONValue {
    try refuseVariants()
    return .object([
      .init(
        "added_tokens",
        .array(
          specialTokens().map {
            .object(
              [.init("id", .integer($0.id)), .init("content", .string($0.text))] + Self.flags)
          })),
      .init("normalizer", normalizer),
      .init("pre_tokenizer", .object([.init("type", .string("BertPreTokenizer"))])),
      .init("post_processor", try postProcessor()),
      .init(
        "decoder", .object([.init("type", .string("WordPiece")), .init("prefix", .string("##"))])),
      .init("model", model),
    ])
  }

  /// Those of a special token, which is found in text as it comes.
  private static let flags: [JSONValue.Member] = [
    .init("normalized", .bool(false)), .init("special", .bool(true)),
  ]

  private func refuseVariants() throws(TokenizerError) {
    let splits = configuration?["never_split"]?.array ?? []
    guard configuration?["do_basic_tokenize"]?.bool != false, splits.isEmpty else {
      throw TokenizerError(
        .unsupported, file: file,
        "a vocabulary used without BERT's basic tokenizer is not implemented "
          + "(do_basic_tokenize, never_split); the model cannot be used with text")
    }
  }

  /// What a role is called: by the configuration, or as BERT calls it.
  private func name(_ role: String) -> String {
    let value = configuration?["\(role)_token"]
    return value?.string ?? value?["content"]?.string ?? "[\(role.uppercased())]"
  }

  private func specialTokens() -> [(id: Int, text: String)] {
    ["unk", "sep", "pad", "cls", "mask"].map(name).compactMap { text in
      number(text).map { ($0, text) }
    }
  }

  private func number(_ token: String) -> Int? {
    tokens.firstIndex { $0.utf8.elementsEqual(token.utf8) }
  }

  private func postProcessor() throws(TokenizerError) -> JSONValue {
    var members: [JSONValue.Member] = [.init("type", .string("BertProcessing"))]
    for role in ["cls", "sep"] {
      let text = name(role)
      guard let id = number(text) else {
        throw TokenizerError(
          .malformed, file: file, "it has no token '\(text)', which texts are put between")
      }
      members.append(.init(role, .array([.string(text), .integer(id)])))
    }
    return .object(members)
  }

  private var normalizer: JSONValue {
    .object([
      .init("type", .string("BertNormalizer")),
      .init("handle_chinese_chars", configuration?["tokenize_chinese_chars"] ?? .bool(true)),
      .init("strip_accents", configuration?["strip_accents"] ?? .null),
      .init("lowercase", configuration?["do_lower_case"] ?? .bool(true)),
    ])
  }

  private var model: JSONValue {
    .object([
      .init("type", .string("WordPiece")), .init("unk_token", .string(name("unk"))),
      .init("vocab", .object(tokens.indices.map { .init(tokens[$0], .integer($0)) })),
    ])
  }
}
