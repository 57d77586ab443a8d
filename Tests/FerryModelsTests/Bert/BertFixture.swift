import FerryCheckpoints
import Foundation
import Testing

/// One case of `Fixtures/Bert/cases.json`: a tiny encoder, texts, and what transformers makes of them.
/// `Scripts/fixtures/bert.py` makes them.
struct BertFixture: Sendable, CustomTestStringConvertible {
  let name: String
  let texts: [String]
  /// The tokens of each text, with those around it.
  let tokens: [[Int]]
  /// Their vectors, in f32.
  let vectors: [[Float]]
  private let weights: URL
  private let files: [String: Data]

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/Bert")

  static let all: [BertFixture] = {
    guard let data = try? Data(contentsOf: folder.appending(path: "cases.json")),
      let cases = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else { return [] }
    return cases.compactMap(BertFixture.init)
  }()

  private init?(_ object: [String: Any]) {
    guard let name = object["name"] as? String, let file = object["weights"] as? String,
      let files = object["files"] as? [String: Any], let texts = object["texts"] as? [String],
      let tokens = object["tokens"] as? [[Int]], let vectors = object["vectors"] as? [[Double]]
    else { return nil }
    (self.name, self.texts, self.tokens) = (name, texts, tokens)
    self.vectors = vectors.map { $0.map { Float($0) } }
    weights = Self.folder.appending(path: file)
    self.files = files.compactMapValues { try? JSONSerialization.data(withJSONObject: $0) }
  }

  /// Runs `body` with a folder as sentence-transformers lays models out; `changes` replaces small files.
  func withFolder<Value>(
    changing changes: [String: String] = [:], _ body: (String) async throws -> Value
  ) async throws -> Value {
    let url = FileManager.default.temporaryDirectory.appending(path: "ferry-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    for (name, data) in files.merging(changes.mapValues { Data($0.utf8) }, uniquingKeysWith: { $1 })
    {
      let file = url.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: file)
    }
    try FileManager.default.copyItem(
      at: weights, to: url.appending(path: "model.safetensors"))
    if changes["vocab.txt"] == nil {
      try FileManager.default.copyItem(
        at: Self.folder.appending(path: "vocab.txt"), to: url.appending(path: "vocab.txt"))
    }
    return try await body(url.path)
  }
}

/// The cosine of the angle between two vectors.
func cosine(_ one: [Float], _ other: [Float]) -> Double {
  func product(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  return product(one, other) / (product(one, one) * product(other, other)).squareRoot()
}
