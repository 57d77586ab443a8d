import Ferry
import FerryDevices
import FerryFormats
import Foundation
import Testing

/// A Llama model of two layers in a folder of its own, plain and quantized; removed at the end.
final class TinyModelFolder: Sendable {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/Llama")

  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("ferry-double-\(UUID().uuidString)")
  /// The first tokens of a text.
  let tokens: [Int]

  init() throws {
    let cases = try JSONSerialization.jsonObject(
      with: Data(contentsOf: Self.fixtures.appendingPathComponent("cases.json")))
    let plain = try #require(
      (cases as? [[String: Any]])?.first { $0["name"] as? String == "llama-plain" })
    tokens = Array(try #require(plain["tokens"] as? [Int]).prefix(3))
    let model = folder.appendingPathComponent("plain")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Self.fixtures.appendingPathComponent(try #require(plain["weights"] as? String)),
      to: model.appendingPathComponent("model.safetensors"))
    try JSONSerialization.data(withJSONObject: try #require(plain["config"]))
      .write(to: model.appendingPathComponent("config.json"))
    try Data("{}".utf8).write(to: model.appendingPathComponent("generation_config.json"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A path in the folder.
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// The model in a format; made at its first use.
  func quantized(_ format: WeightFormat) async throws -> String {
    let path = path("\(format)".filter { $0.isLetter || $0.isNumber })
    guard !FileManager.default.fileExists(atPath: path) else { return path }
    let engine = Engine(backends: [HostBackend()])
    _ = try await engine.quantize(
      self.path("plain"), to: path, options: QuantizationOptions(format: format))
    return path
  }

  /// The formats of the tests.
  static let formats: [WeightFormat] = [
    .fourBit(FourBitFormat(.nf4, blockSize: 64, isNested: true)),
    .fourBit(FourBitFormat(.fp4, blockSize: 32)), .int8Rows,
  ]
}

/// The likeliest tokens that follow `tokens`, one after the other.
func greedyTokens(_ model: Model, after tokens: [Int], count: Int) async throws -> [Int] {
  var all = tokens
  for _ in 0..<count {
    let logits = try await model.logits(tokens: all)
    all.append(try #require(logits.indices.max { logits[$0] < logits[$1] }))
  }
  return Array(all[tokens.count...])
}

/// max|Δ| / max|reference|.
func difference(_ logits: [Float], _ reference: [Float]) -> Float {
  let scale = reference.map(\.magnitude).max() ?? 1
  return (zip(logits, reference).map { abs($0 - $1) }.max() ?? .infinity) / scale
}
