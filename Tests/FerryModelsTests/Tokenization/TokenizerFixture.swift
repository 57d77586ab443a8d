import FerryCheckpoints
import FerryModels
import Foundation

/// What the reference tokenizer made of the fixtures' strings (`Scripts/fixtures/tokenization.py`).
struct TokenizerFixture {
  let strings: [String]
  let expected: JSONValue

  /// `strings` of every family but "flags", which has its own.
  init(_ family: String) throws {
    expected = try Self.document("\(family).expected.json")
    strings = try Self.strings(of: family)
  }

  static func strings(of family: String) throws -> [String] {
    let key = family == "flags" ? "flagStrings" : "strings"
    return try document("strings.json")[key]?.array?.compactMap(\.string) ?? []
  }

  /// The tokenizer that the family's `tokenizer.json` describes.
  static func tokenizer(_ family: String, configuration: JSONValue? = nil) throws -> Tokenizer {
    try Tokenizer(
      tokenizerJSON: document("\(family).json"), configuration: configuration,
      file: "\(family).json")
  }

  /// A list of lists of tokens.
  func tokens(_ key: String) -> [[Int]] { expected[key]?.tokenLists ?? [] }

  /// A list of texts.
  func texts(_ key: String) -> [String] { expected[key]?.array?.compactMap(\.string) ?? [] }

  static func document(_ name: String) throws -> JSONValue {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let url = tests.appending(path: "Fixtures/Tokenizers/\(name)")
    return try JSONValue(parsing: [UInt8](Data(contentsOf: url)), file: name)
  }
}

extension JSONValue {
  var tokenList: [Int] { array?.compactMap(\.int) ?? [] }
  var tokenLists: [[Int]] { array?.map(\.tokenList) ?? [] }
}

extension String {
  /// The scalars as they stand, for messages about text that looks the same.
  var scalars: String {
    unicodeScalars.map {
      $0.isASCII && $0.value > 31 ? String($0) : "{\(String($0.value, radix: 16))}"
    }
    .joined()
  }
}
