import Foundation
import Testing

/// A Llama model of two layers, from the fixtures of the models' tests.
enum TinyModel {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/Llama")

  /// A GGUF file of the same kind.
  static var gguf: String { fixtures.appendingPathComponent("llama.gguf").path }

  /// Writes the model as a Hugging Face folder; returns its tokens and the logits that follow them.
  static func write(to path: String) throws -> (tokens: [Int], logits: [Double]) {
    let cases = try JSONSerialization.jsonObject(
      with: Data(contentsOf: fixtures.appendingPathComponent("cases.json")))
    let plain = try #require(
      (cases as? [[String: Any]])?.first { $0["name"] as? String == "llama-plain" })
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: fixtures.appendingPathComponent(try #require(plain["weights"] as? String)).path,
      toPath: "\(path)/model.safetensors")
    try JSONSerialization.data(withJSONObject: try #require(plain["config"]))
      .write(to: URL(fileURLWithPath: "\(path)/config.json"))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(path)/generation_config.json"))
    return (
      try #require(plain["tokens"] as? [Int]), try #require(plain["logits"] as? [Double])
    )
  }
}
