import FerryCheckpoints
import FerryModels
import Foundation
import Testing

/// BERT's tokenizers against the reference; `TokenizerTests` has the family "bert" too.
@Suite struct WordPieceTests {
  /// Strings over what BERT's preparation tells apart, and over all of Unicode.
  @Test func encodesThousandsOfStringsLikeTheReference() throws {
    let document = try TokenizerFixture.document("bert.generated.json")
    let tokenizer = try TokenizerFixture.tokenizer("bert")
    try Self.expectAgreement(tokenizer, document, "uncased", atLeast: 2000)
  }

  /// The same vocabulary as BERT was published: one token a line, and flags beside it.
  @Test func readsAVocabularyFile() async throws {
    let document = try TokenizerFixture.document("bert.generated.json")
    let tokenizer = try await Self.tokenizer(
      vocabulary: Self.vocabulary(), configuration: #"{"do_lower_case": false}"#)
    try Self.expectAgreement(tokenizer, document, "cased", atLeast: 2000)
    #expect(
      tokenizer.encode("x", addingSpecialTokens: true).map(tokenizer.piece) == [
        "[CLS]", "x", "[SEP]",
      ])
    #expect(tokenizer.decode(tokenizer.encode("Come [SEP] here.")) == "Come [SEP] here.")
    let uncased = try await Self.tokenizer(vocabulary: Self.vocabulary(), configuration: "{}")
    try Self.expectAgreement(uncased, document, "uncased", atLeast: 2000)
  }

  @Test func linesMayEndInTwoCharacters() async throws {
    let text = try Self.vocabulary().replacingOccurrences(of: "\n", with: "\r\n")
    let tokenizer = try await Self.tokenizer(vocabulary: text, configuration: "{}")
    #expect(
      try tokenizer.encode("the ferry") == TokenizerFixture.tokenizer("bert").encode("the ferry"))
  }

  @Test func aVocabularyWithoutItsSpecialTokensIsAnErrorThatNamesThem() async throws {
    let error = await #expect(throws: TokenizerError.self) {
      try await Self.tokenizer(vocabulary: "[UNK]\n[CLS]\na\n", configuration: "{}")
    }
    #expect(error?.message.contains("[SEP]") == true)
    let other = await #expect(throws: TokenizerError.self) {
      try await Self.tokenizer(
        vocabulary: "[UNK]\n[CLS]\n[SEP]\n", configuration: #"{"do_basic_tokenize": false}"#)
    }
    #expect(other?.code == .unsupported)
  }

  @Test func aLimitCutsTheTextAndKeepsWhatIsAroundIt() throws {
    let tokenizer = try TokenizerFixture.tokenizer("bert")
    let whole = tokenizer.encode("the ferry and the harbour", addingSpecialTokens: true)
    #expect(tokenizer.encode("the ferry and the harbour", limit: 1000) == whole)
    let cut = tokenizer.encode("the ferry and the harbour", limit: 5)
    #expect(cut == whole.prefix(4) + whole.suffix(1))
    #expect(tokenizer.encode("x", limit: 0) == tokenizer.encode("", addingSpecialTokens: true))
  }

  private static func expectAgreement(
    _ tokenizer: Tokenizer, _ document: JSONValue, _ key: String, atLeast count: Int
  ) throws {
    let texts = document["strings"]?.array?.compactMap(\.string) ?? []
    let expected = document[key]?.tokenLists ?? []
    #expect(texts.count >= count && expected.count == texts.count)
    for (text, ids) in zip(texts, expected) {
      #expect(tokenizer.encode(text) == ids, "\(text.scalars)")
    }
  }

  /// The vocabulary of the fixture as lines.
  private static func vocabulary() throws -> String {
    let members = try TokenizerFixture.document("bert.json")["model"]?["vocab"]?.object ?? []
    let sorted = members.sorted { ($0.value.int ?? 0) < ($1.value.int ?? 0) }
    return sorted.map { $0.key + "\n" }.joined()
  }

  /// The tokenizer of a folder that has a `vocab.txt` and no `tokenizer.json`.
  private static func tokenizer(
    vocabulary: String, configuration: String
  ) async throws -> Tokenizer {
    let fixture = try #require(BertFixture.all.first)
    return try await fixture.withFolder(
      changing: ["vocab.txt": vocabulary, "tokenizer_config.json": configuration]
    ) { path in try Tokenizer(Checkpoint(path: path)) }
  }
}
