import FerryCheckpoints
import Testing

@testable import FerryModels

/// Expressions of Split that are no known pattern; `TokenizerTests` compares three such tokenizers with the
/// reference ("o200k", "deepseek", "odd").
@Suite struct SplitExpressionTests {
  /// The known patterns, read as expressions, cut as their scanners do.
  @Test(arguments: [
    ("gpt2", SplitPattern.gpt2Expression, SplitPattern.gpt2),
    ("llama3", SplitPattern.llama3Expression, .llama3),
    ("qwen2", SplitPattern.qwen2Expression, .qwen2),
    ("tekken", SplitPattern.tekkenExpression, .tekken),
  ]) func knownPatternsAreReadAsExpressions(
    name: String, text: String, pattern: SplitPattern
  ) throws {
    let expression = try SplitExpression(text)
    let strings = try TokenizerFixture.strings(of: name)
    #expect(strings.count > 200)
    for string in strings {
      #expect(
        Self.words(of: string, .expression(expression)) == Self.words(of: string, .split(pattern)),
        "\(string.scalars)")
    }
  }

  @Test func whatLiesBetweenMatchesStays() throws {
    let expression = try SplitExpression(#"[\r\n]|\p{N}{2,3}"#)
    #expect(
      Self.words(of: "a1 12345\n\nb", .expression(expression)) == [
        "a1 ", "123", "45", "\n", "\n", "b",
      ])
  }

  /// One alternative takes most of a text, gives it back, and the next takes it again.
  @Test func longTextsTakeReasonableTime() throws {
    let expression = try SplitExpression(#"\s*[\r\n]+|\s+(?!\S)|\s+|\S+a|\S+"#)
    let text = String(repeating: " ", count: 50_000) + String(repeating: "b", count: 50_000)
    var count = 0
    let time = ContinuousClock().measure {
      count = Self.words(of: text, .expression(expression)).count
    }
    #expect(count == 3)
    #expect(time < .seconds(10))
  }

  @Test(arguments: [
    "", "a*", "(?:a|b)+", "a*?", "a{1,2}+", "a**", "(?<=a)b", "(?!ab)c", "(?=a", "(a", "a)", "[a",
    "[]",
    "[[:alpha:]]", "[a&&b]", "[b-a]", #"[\s-a]"#, ".", "^a", "a$", #"\p{Han}"#, #"\pL"#, #"\d"#,
    #"\b"#, "(?i:ss)", #"(?i:\p{L})"#, "(?i:[a-z])", "(?x:a)", "{", "a{2,1}", "a{99999999}",
    String(repeating: "(", count: 40) + "a" + String(repeating: ")", count: 40),
  ]) func whatIsNotImplementedIsRefused(_ text: String) {
    #expect(throws: SplitExpressionError.self) { try SplitExpression(text) }
  }

  @Test func theErrorNamesTheExpressionAndThePart() throws {
    let json = try JSONValue(
      parsing: Array(
        #"""
        {"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "decoder": {"type": "ByteLevel"},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "\\p{Han}+|\\s+"}, "behavior": "Isolated"},
          {"type": "ByteLevel", "use_regex": false}]}}
        """#.utf8), file: "tokenizer.json")
    let error = try #require(throws: TokenizerError.self) {
      try Tokenizer(tokenizerJSON: json, file: "tokenizer.json")
    }
    #expect(error.code == .unsupported)
    #expect(error.message.contains(#"\p{Han}+|\s+ (the category Han in it)"#))
  }

  private static func words(of text: String, _ step: PreTokenizer) -> [String] {
    var cut = PreTokenizedText(Array(text.utf8), isFirst: true)
    step.apply(&cut)
    return cut.words.map { String(decoding: cut.bytes[$0], as: UTF8.self) }
  }
}
