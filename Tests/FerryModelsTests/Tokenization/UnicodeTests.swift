import FerryCheckpoints
import Testing

@testable import FerryModels

/// Scalars of every kind, in surroundings that tell kinds apart, against the reference
/// (`Scripts/fixtures/unicode.py`): no version of Unicode that Swift follows changes a token.
@Suite struct UnicodeTests {
  @Test(arguments: [
    ("gpt2", PreTokenizer.split(.gpt2)), ("llama3", .split(.llama3)), ("qwen2", .split(.qwen2)),
    ("tekken", .split(.tekken)), ("digits", .digits(individually: false)),
    ("digit", .digits(individually: true)), ("bert", .bert),
  ]) func textsAreCutLikeTheReference(name: String, step: PreTokenizer) throws {
    try Self.expectAgreement(name) { text in
      var cut = PreTokenizedText(Array(text.utf8), isFirst: true)
      step.apply(&cut)
      return cut.words.flatMap { word in
        let scalars = Array(cut.bytes[word]).unicodeScalars
        return [scalars.last?.value ?? 0, UInt32(scalars.count)]
      }
    }
  }

  @Test(arguments: [
    ("nfc", Normalizer.nfc), ("uncased", .bert(BertNormalizer())),
    ("cased", .bert(BertNormalizer(stripsAccents: false, lowercases: false))),
    ("accents", .bert(BertNormalizer(stripsAccents: true, lowercases: false))),
  ]) func textsAreNormalizedLikeTheReference(name: String, normalizer: Normalizer) throws {
    try Self.expectAgreement(name) { text in
      var bytes = Array(text.utf8)
      normalizer.apply(&bytes)
      return bytes.unicodeScalars.map(\.value)
    }
  }

  @Test(arguments: ["singleWord", "stripping"])
  func addedTokensAreFoundLikeInTheReference(name: String) throws {
    var token = AddedToken(id: 0, content: Array("Q".utf8))
    token.isSingleWord = name == "singleWord"
    token.stripsLeft = !token.isSingleWord
    token.stripsRight = !token.isSingleWord
    let matcher = AddedTokenMatcher([token])
    try Self.expectAgreement(name) { text in
      let bytes = Array(text.utf8)
      let stretches = bytes.withUnsafeBufferPointer { matcher.stretches(of: $0) }
      return stretches.filter { $0.id != nil }.flatMap { stretch in
        [stretch.range.lowerBound, stretch.range.upperBound].map {
          UInt32(Array(bytes[..<$0]).unicodeScalars.count)
        }
      }
    }
  }

  /// What was found to differ: letters of Unicode 17, and a mark that was none yet in Unicode 8.
  @Test func newerScalarsAreUnassigned() {
    for scalar: Unicode.Scalar in ["\u{88f}", "\u{a7ce}", "\u{18d80}"] {
      #expect(!ScalarClass(of: scalar).isAny(of: .letter))
    }
    #expect(!ScalarClass(of: "\u{1885}").contains(.accent))
    #expect(ScalarClass(of: "\u{301}").contains(.accent))
  }

  /// Putting marks in order must not be quadratic.
  @Test func manyMarksTakeReasonableTime() {
    var text = Array(String(repeating: "\u{301}\u{323}", count: 50_000).utf8)
    let time = ContinuousClock().measure { Normalizer.nfc.apply(&text) }
    #expect(time < .seconds(10))
    #expect(text.unicodeScalars.prefix(2) == ["\u{323}", "\u{323}"])
  }

  /// Compares hashes of what `numbers` makes of each scalar in each of the fixture's surroundings.
  private static func expectAgreement(
    _ name: String, _ numbers: (String) -> [UInt32]
  ) throws {
    let fixture = try TokenizerFixture.document("unicode.json")
    let scalars = fixture["scalars"]?.tokenList.compactMap { Unicode.Scalar(UInt32($0)) } ?? []
    let surroundings = fixture["surroundings"]?.array?.compactMap(\.string) ?? []
    let expected = fixture["parts"]?[name]?.array?.compactMap(\.string) ?? []
    let block = try #require(fixture["block"]?.int)
    #expect(scalars.count > 8000 && expected.count == (scalars.count + block - 1) / block)
    for (index, expected) in expected.enumerated() {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      let stretch = scalars[index * block..<min((index + 1) * block, scalars.count)]
      for scalar in stretch {
        for surrounding in surroundings {
          for number in numbers(surrounding.filled(with: scalar)) + [0x110000] {
            hash = (hash ^ UInt64(number)) &* 0x100_0000_01b3
          }
        }
      }
      let range = "\(stretch.first?.value ?? 0)...\(stretch.last?.value ?? 0)"
      #expect(String(hash, radix: 16) == expected, "\(name), scalars \(range)")
    }
  }
}

extension String {
  /// This text with a scalar in the place of "{}".
  fileprivate func filled(with scalar: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    for own in unicodeScalars where own != "}" { result.append(own == "{" ? scalar : own) }
    return String(result)
  }
}
