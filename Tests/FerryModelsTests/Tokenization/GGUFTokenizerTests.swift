import FerryCheckpoints
import FerryModels
import Foundation
import Testing

/// Tokenizers from GGUF metadata.
struct GGUFTokenizerTests {
  /// The metadata that a conversion of this family's `tokenizer.json` would write.
  private func metadata(
    _ family: String, pre: String
  ) throws -> [String: GGUFMetadata.Value] {
    let json = try TokenizerFixture.document("\(family).json")
    let tokenizer = try TokenizerFixture.tokenizer(family)
    let specials = json["added_tokens"]?.array?.compactMap { $0["id"]?.int } ?? []
    let merges = json["model"]?["merges"]?.array ?? []
    return [
      "tokenizer.ggml.model": .string("gpt2"),
      "tokenizer.ggml.pre": .string(pre),
      "tokenizer.ggml.tokens": .strings(
        (0..<tokenizer.vocabularySize).map { tokenizer.piece($0) ?? "" }),
      "tokenizer.ggml.merges": .strings(
        merges.map { $0.array?.compactMap(\.string).joined(separator: " ") ?? "" }),
      "tokenizer.ggml.token_type": .ints(
        (0..<tokenizer.vocabularySize).map { specials.contains($0) ? 3 : 1 }),
      "tokenizer.ggml.bos_token_id": .int(specials.first ?? 0),
      "tokenizer.ggml.eos_token_id": .int(specials.last ?? 0),
    ]
  }

  private func tokenizer(_ values: [String: GGUFMetadata.Value]) throws -> Tokenizer {
    try Tokenizer(gguf: GGUFMetadata(values: values), file: "test.gguf")
  }

  @Test(arguments: [
    ("gpt2", "gpt-2"), ("smollm2", "smollm"), ("llama3", "llama-bpe"), ("qwen2", "qwen2"),
    ("tekken", "tekken"),
  ])
  func byteLevelVocabulariesEncodeLikeTheReference(family: String, pre: String) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try tokenizer(metadata(family, pre: pre))
    for (text, ids) in zip(fixture.strings, fixture.tokens("ids")) {
      #expect(tokenizer.encode(text) == ids, "\(text.scalars)")
    }
  }

  @Test func sentencePieceVocabulariesEncodeLikeTheReference() throws {
    let document = try TokenizerFixture.document("sentencepiece.json")
    let tokenizer = try tokenizer(sentencePiece(document))
    let specials = ["<s>", "</s>", "<unk>"]
    let strings = try TokenizerFixture.strings(of: "gpt2")
    #expect(document["ids"]?.array?.count == strings.count)
    for (text, ids) in zip(strings, document["ids"]?.tokenLists ?? []) {
      // The reference takes special tokens for plain text unless told otherwise.
      if specials.contains(where: text.contains) { continue }
      #expect(tokenizer.encode(text) == ids, "\(text.scalars)")
    }
    #expect(tokenizer.encode("</s>x", addingSpecialTokens: true).prefix(2) == [1, 2])
    #expect(tokenizer.endOfText == [2])
  }

  /// The tokenizer of the Hugging Face files that are written for a GGUF file.
  private func exported(_ values: [String: GGUFMetadata.Value]) throws -> Tokenizer {
    let files = try TokenizerFiles(gguf: GGUFMetadata(values: values), file: "test.gguf").files
    #expect(files.map(\.name) == ["tokenizer.json", "tokenizer_config.json"])
    // Through text, as it is written and read.
    let documents = try files.map {
      try JSONValue(parsing: Array($0.document.serialized(.indented).utf8), file: $0.name)
    }
    return try Tokenizer(
      tokenizerJSON: documents[0], configuration: documents[1], file: "tokenizer.json")
  }

  @Test(arguments: [
    ("gpt2", "gpt-2"), ("smollm2", "smollm"), ("llama3", "llama-bpe"), ("qwen2", "qwen2"),
    ("tekken", "tekken"),
  ])
  func exportedByteLevelVocabulariesEncodeTheSame(family: String, pre: String) throws {
    let values = try metadata(family, pre: pre)
    let (original, copy) = (try tokenizer(values), try exported(values))
    for text in try TokenizerFixture(family).strings {
      for adding in [false, true] {
        #expect(
          copy.encode(text, addingSpecialTokens: adding)
            == original.encode(text, addingSpecialTokens: adding), "\(text.scalars)")
      }
      #expect(copy.decode(original.encode(text)) == original.decode(original.encode(text)))
    }
    #expect(copy.endOfText == original.endOfText && copy.bos == original.bos)
  }

  @Test func exportedSentencePieceVocabulariesEncodeTheSame() throws {
    let values = sentencePiece(try TokenizerFixture.document("sentencepiece.json"))
    let (original, copy) = (try tokenizer(values), try exported(values))
    for text in try TokenizerFixture.strings(of: "gpt2") {
      #expect(copy.encode(text) == original.encode(text), "\(text.scalars)")
      #expect(copy.decode(original.encode(text)) == original.decode(original.encode(text)))
    }
    #expect(copy.encode("x", addingSpecialTokens: true).first == original.bos)
  }

  private func sentencePiece(_ document: JSONValue) -> [String: GGUFMetadata.Value] {
    [
      "tokenizer.ggml.model": .string("llama"),
      "tokenizer.ggml.tokens": .strings(document["tokens"]?.array?.compactMap(\.string) ?? []),
      "tokenizer.ggml.scores": .floats(document["scores"]?.array?.compactMap(\.double) ?? []),
      "tokenizer.ggml.token_type": .ints(document["types"]?.tokenList ?? []),
      "tokenizer.ggml.bos_token_id": .int(1),
      "tokenizer.ggml.eos_token_id": .int(2),
      "tokenizer.ggml.unknown_token_id": .int(0),
    ]
  }

  @Test func beginningOfTextFollowsTheFileThenTheKind() throws {
    var values = try metadata("llama3", pre: "llama-bpe")
    let begin = try #require(try tokenizer(values).bos)
    #expect(try tokenizer(values).encode("x", addingSpecialTokens: true).first == begin)
    values["tokenizer.ggml.add_bos_token"] = .bool(false)
    #expect(try tokenizer(values).encode("x", addingSpecialTokens: true).first != begin)
    values["tokenizer.ggml.add_eos_token"] = .bool(true)
    let end = try tokenizer(values).encode("x", addingSpecialTokens: true).last
    #expect(end == values["tokenizer.ggml.eos_token_id"]?.number)
  }

  @Test(arguments: [
    ("tokenizer.ggml.model", "bert"), ("tokenizer.ggml.pre", "default"),
    ("tokenizer.ggml.pre", "deepseek-llm"),
  ])
  func whatIsUnknownIsNamed(key: String, value: String) throws {
    var values = try metadata("gpt2", pre: "gpt-2")
    values[key] = .string(value)
    let error = #expect(throws: TokenizerError.self) { try tokenizer(values) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("'\(value)'") == true)
  }

  @Test(arguments: [
    ("tokenizer.ggml.tokens", GGUFMetadata.Value?.none, TokenizerError.Code.missing),
    ("tokenizer.ggml.pre", nil, .missing),
    ("tokenizer.ggml.merges", nil, .malformed),
    ("tokenizer.ggml.merges", .strings(["Ġ  t"]), .malformed),
    ("tokenizer.ggml.merges", .strings(["zq qz"]), .malformed),
    ("tokenizer.ggml.token_type", .ints([1, 1]), .malformed),
    ("tokenizer.ggml.bos_token_id", .int(1_000_000), .malformed),
    ("tokenizer.ggml.eos_token_id", .int(-1), .malformed),
  ])
  func contradictionsAreErrors(
    key: String, value: GGUFMetadata.Value?, code: TokenizerError.Code
  ) throws {
    var values = try metadata("gpt2", pre: "gpt-2")
    values[key] = value
    let error = #expect(throws: TokenizerError.self) { try tokenizer(values) }
    #expect(error?.code == code)
    #expect(error?.file == "test.gguf")
  }
}

extension GGUFMetadata.Value {
  var number: Int? { if case .int(let value) = self { value } else { nil } }
}
