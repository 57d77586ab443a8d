import FerryCheckpoints
import FerryModels
import Testing

/// Equality with the reference tokenizer on awkward text.
struct TokenizerTests {
  static let families = [
    "gpt2", "smollm2", "llama3", "qwen2", "tekken", "flags", "llama2", "mistral", "metaspace",
    "bert", "o200k", "deepseek", "odd",
  ]

  @Test(arguments: families) func encodesLikeTheReference(family: String) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try TokenizerFixture.tokenizer(family)
    let expected = fixture.tokens("ids")
    #expect(!fixture.strings.isEmpty && expected.count == fixture.strings.count)
    for (text, ids) in zip(fixture.strings, expected) {
      #expect(tokenizer.encode(text) == ids, "\(text.scalars)")
    }
  }

  @Test(arguments: families) func decodesLikeTheReference(family: String) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try TokenizerFixture.tokenizer(family)
    for (ids, text) in zip(fixture.tokens("ids"), fixture.texts("decoded")) {
      let decoded = tokenizer.decode(ids)
      #expect(Array(decoded.utf8) == Array(text.utf8), "\(ids): \(decoded.scalars)")
    }
  }

  @Test(arguments: families) func decodesArbitraryTokensLikeTheReference(family: String) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try TokenizerFixture.tokenizer(family)
    let sequences = fixture.tokens("sequences")
    #expect(sequences.count == 100)
    for (key, skips) in [("sequencesDecoded", false), ("sequencesWithoutSpecialTokens", true)] {
      for (ids, text) in zip(sequences, fixture.texts(key)) {
        let decoded = tokenizer.decode(ids, skippingSpecialTokens: skips)
        #expect(Array(decoded.utf8) == Array(text.utf8), "\(ids): \(decoded.scalars)")
      }
    }
  }

  @Test(arguments: families) func addsSpecialTokensLikeTheReference(family: String) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try TokenizerFixture.tokenizer(family)
    let ids = tokenizer.encode("Hello", addingSpecialTokens: true)
    #expect(ids == fixture.expected["idsWithSpecialTokens"]?.tokenList)
  }

  @Test(arguments: families) func piecesAreSpelledLikeTheReference(family: String) throws {
    let fixture = try TokenizerFixture(family)
    let tokenizer = try TokenizerFixture.tokenizer(family)
    let pieces = tokenizer.encode("Hello, world!").map { tokenizer.piece($0) }
    #expect(pieces == fixture.texts("pieces"))
  }

  @Test func numbersWithoutTokenHaveNoPieceAndNoText() throws {
    let tokenizer = try TokenizerFixture.tokenizer("gpt2")
    #expect(tokenizer.piece(-1) == nil)
    #expect(tokenizer.piece(tokenizer.vocabularySize) == nil)
    #expect(tokenizer.decode([-1, tokenizer.vocabularySize]) == "")
  }

  /// Merging must not be quadratic: a megabyte without a place to cut ends in seconds, in a debug
  /// build too. The result is checked against the shortest text whose halves merge the same way.
  @Test(arguments: ["gpt2", "llama2"]) func longWordsTakeReasonableTime(family: String) throws {
    let tokenizer = try TokenizerFixture.tokenizer(family)
    let clock = ContinuousClock()
    let text = String(repeating: "a", count: 100_000)
    var ids: [Int] = []
    let time = clock.measure { ids = tokenizer.encode(text) }
    #expect(time < .seconds(20))
    #expect(tokenizer.decode(ids) == text)
  }

  @Test func namesItsEndsAndBeginning() throws {
    let configuration = JSONValue.object([
      .init("bos_token", .object([.init("content", .string("<|begin_of_text|>"))])),
      .init("eos_token", .string("<|eot_id|>")),
    ])
    var tokenizer = try TokenizerFixture.tokenizer("llama3", configuration: configuration)
    let eot = try #require(tokenizer.token("<|eot_id|>"))
    #expect(tokenizer.bos == tokenizer.token("<|begin_of_text|>"))
    #expect(tokenizer.endOfText == [eot])
    tokenizer.addEndOfText(from: .object([.init("eos_token_id", .number("3"))]))
    tokenizer.addEndOfText(
      from: .object([.init("eos_token_id", .array([.number("5"), .number("7")]))]))
    #expect(tokenizer.endOfText == [eot, 3, 5, 7])
  }
}
