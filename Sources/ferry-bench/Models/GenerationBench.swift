import Ferry

/// SmolLM2 on the CPU: tokens a second of a prompt of 512 tokens, and of 128 tokens after a prompt of 128; and that it
/// answers at a reading pace on OpenCL.
struct GenerationBench {
  let models: BenchModels

  init(_ models: BenchModels) { self.models = models }

  func figures() async throws -> [Figure] {
    var figures: [Figure] = []
    for (name, format) in BenchModels.formats {
      let model = try await models.engine.load(try await models.smolLM2(name, format))
      _ = try await generate(with: model, prompt: 16, tokens: 4)
      figures.append(try await prefill(name, model))
      figures.append(try await decode(name, model))
    }
    return figures + (try await onOpenCL())
  }

  private func onOpenCL() async throws -> [Figure] {
    let devices = try models.engine.devices().map(\.device)
    guard let device = devices.first(where: { $0.backend == .opencl }) else { return [] }
    let (name, format) = BenchModels.formats[0]
    let model = try await models.engine.load(try await models.smolLM2(name, format), on: device)
    let tokens = models.isTrial ? 4 : 33
    _ = try await generate(with: model, prompt: 16, tokens: 2)
    let result = try await generate(with: model, prompt: 16, tokens: tokens)
    let rate = Double(result.tokens.count - 1) / result.decodeSeconds
    return [
      Figure("decode, SmolLM2-135M in \(name) on \(device)", rate, "tokens/s", .atLeast, 5)
    ]
  }

  private func prefill(_ name: String, _ model: Model) async throws -> Figure {
    var rates: [Double] = []
    for _ in 0..<3 {
      let result = try await generate(with: model, prompt: models.isTrial ? 32 : 512, tokens: 1)
      rates.append(Double(result.promptTokenCount) / result.prefillSeconds)
    }
    return Figure(
      "prefill, SmolLM2-135M in \(name) on cpu", rates.max() ?? 0, "tokens/s", .atLeast,
      note: BenchModels.note)
  }

  private func decode(_ name: String, _ model: Model) async throws -> Figure {
    let counts = models.isTrial ? (prompt: 16, tokens: 8) : (prompt: 128, tokens: 129)
    var rates: [Double] = []
    for _ in 0..<2 {
      let result = try await generate(with: model, prompt: counts.prompt, tokens: counts.tokens)
      guard result.tokens.count == counts.tokens else {
        return Figure(
          "decode, SmolLM2-135M in \(name) on cpu",
          unmeasured: "the text ended after \(result.tokens.count) tokens", "tokens/s", .atLeast)
      }
      rates.append(Double(result.tokens.count - 1) / result.decodeSeconds)
    }
    return Figure(
      "decode, SmolLM2-135M in \(name) on cpu", rates.max() ?? 0, "tokens/s", .atLeast,
      note: BenchModels.note)
  }

  /// Continues a text that repeats itself, so that the model goes on with it and does not end.
  private func generate(
    with model: Model, prompt: Int, tokens: Int
  ) async throws -> Generation {
    // Four tokens: " A", " ferry", " moves", ".".
    let text = String(repeating: " A ferry moves.", count: prompt / 4)
    return try await model.generate(
      text, options: GenerationOptions(maximumTokens: tokens, usesChatTemplate: false))
  }
}
