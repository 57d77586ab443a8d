import Ferry
import FoundationEssentials

/// MiniLM on the CPU: 256 sentences, tokenizing included.
struct EmbeddingBench {
  let models: BenchModels
  let path: String

  init(_ models: BenchModels, _ path: String) { (self.models, self.path) = (models, path) }

  func figures() async throws -> [Figure] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let all = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    let texts = models.isTrial ? Array(all.prefix(8)) : all
    let model = try await models.engine.load("\(models.weights)/all-MiniLM-L6-v2")
    return [try await figure(model, texts, .f32), try await figure(model, texts, .bf16)]
  }

  private func figure(
    _ model: Model, _ texts: [String], _ type: ElementType
  ) async throws -> Figure {
    _ = try await model.embed(texts, activations: type)
    var best = Double.infinity
    for _ in 0..<5 {
      best = min(
        best,
        try await Stopwatch.seconds { _ = try await model.embed(texts, activations: type) })
    }
    let kind = type == .f32 ? "" : " in \(type)"
    return Figure(
      "embed \(texts.count) sentences by all-MiniLM-L6-v2\(kind) on cpu",
      Double(texts.count) / best, "sentences/s", .atLeast, seconds: best)
  }
}
