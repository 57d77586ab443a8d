import Foundation
import Testing

/// A BERT encoder of two layers, from the fixtures of the models' tests.
enum TinyEncoder {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/Bert")

  /// Writes the encoder as a folder of sentence-transformers: mean, length 1, 16 tokens at most. Returns
  /// texts, how many tokens they have, and their vectors.
  static func write(
    to path: String
  ) throws -> (texts: [String], counts: [Int], vectors: [[Double]]) {
    let cases = try JSONSerialization.jsonObject(
      with: Data(contentsOf: fixtures.appendingPathComponent("cases.json")))
    let first = try #require((cases as? [[String: Any]])?.first)
    try FileManager.default.createDirectory(
      atPath: "\(path)/1_Pooling", withIntermediateDirectories: true)
    for (name, document) in try #require(first["files"] as? [String: Any]) {
      try JSONSerialization.data(withJSONObject: document)
        .write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
    for (source, name) in [
      (try #require(first["weights"] as? String), "model.safetensors"), ("vocab.txt", "vocab.txt"),
    ] {
      try FileManager.default.copyItem(
        atPath: fixtures.appendingPathComponent(source).path, toPath: "\(path)/\(name)")
    }
    let tokens = try #require(first["tokens"] as? [[Int]])
    return (
      try #require(first["texts"] as? [String]), tokens.map(\.count),
      try #require(first["vectors"] as? [[Double]])
    )
  }
}
