import FerryCheckpoints
import Foundation
import Testing

/// One case of `Fixtures/Llama/cases.json`: a tiny model, a prompt, and what Hugging Face computes.
/// `Scripts/fixtures/llama.py` makes them.
struct LlamaFixture: Sendable, CustomTestStringConvertible {
  let name: String
  /// The weight file.
  let weights: URL
  /// `config.json`.
  let configuration: Data
  let tokens: [Int]
  /// The logits of the last position, in f32.
  let logits: [Float]
  /// Whether they are those of decoded 8-bit weights.
  let isWeightOnly: Bool
  /// For LLM.int8(): the logits of the decoded weights.
  let dequantized: [Float]?

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/Llama")

  static let all: [LlamaFixture] = {
    guard let data = try? Data(contentsOf: folder.appending(path: "cases.json")),
      let cases = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else { return [] }
    return cases.compactMap(LlamaFixture.init)
  }()

  static func named(_ name: String) throws -> LlamaFixture {
    struct Missing: Error { let name: String }
    guard let fixture = all.first(where: { $0.name == name }) else { throw Missing(name: name) }
    return fixture
  }

  private init?(_ object: [String: Any]) {
    guard let name = object["name"] as? String, let file = object["weights"] as? String,
      let config = object["config"], let tokens = object["tokens"] as? [Int],
      let logits = object["logits"] as? [Double],
      let data = try? JSONSerialization.data(withJSONObject: config)
    else { return nil }
    self.name = name
    weights = Self.folder.appending(path: file)
    configuration = data
    self.tokens = tokens
    self.logits = logits.map { Float($0) }
    isWeightOnly = object["weightOnly"] as? Bool ?? false
    dequantized = (object["dequantized"] as? [Double])?.map { Float($0) }
  }

  /// Runs `body` with the checkpoint: the GGUF file, or a folder of configuration and weights.
  func withCheckpoint<Value>(_ body: (Checkpoint) throws -> Value) throws -> Value {
    if weights.pathExtension == "gguf" { return try body(Checkpoint(path: weights.path)) }
    let folder = try TemporaryModelFolder(configuration: configuration, weights: weights)
    return try body(Checkpoint(path: folder.url.path))
  }
}

/// A folder as Hugging Face lays models out, gone when the last reference goes.
final class TemporaryModelFolder: Sendable {
  let url: URL

  init(configuration: Data, weights: URL) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "ferry-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try configuration.write(to: url.appending(path: "config.json"))
    try FileManager.default.copyItem(at: weights, to: url.appending(path: "model.safetensors"))
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

extension Sequence<Float> {
  /// max|Δ| / max|reference|: the error of issue 2's bounds. NaN counts as infinite.
  func error(to reference: some Collection<Float>) -> Float {
    let largest = reference.reduce(0) { Swift.max($0, $1.magnitude) }
    let differences = zip(self, reference).map { ($0 - $1).magnitude }
    guard differences.count == reference.count, differences.allSatisfy(\.isFinite) else {
      return .infinity
    }
    return (differences.max() ?? 0) / largest
  }
}
