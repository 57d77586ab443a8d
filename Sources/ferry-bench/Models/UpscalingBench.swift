import Ferry

/// Real-ESRGAN on the CPU: an image in one tile, with the ten mirrored pixels at its edges.
struct UpscalingBench {
  let models: BenchModels

  init(_ models: BenchModels) { self.models = models }

  func figures() async throws -> [Figure] {
    let networks =
      models.isTrial
      ? [("realesr-animevideov3-x4", 16)]
      : [("realesr-animevideov3-x4", 128), ("realesrgan-x4plus", 64)]
    var figures: [Figure] = []
    for (name, side) in networks {
      let model = try await models.engine.loadUpscaler("\(models.weights)/realesrgan/\(name).param")
      for type in [ElementType.f32, .bf16] {
        figures.append(try await figure(name, side, model, type))
      }
    }
    return figures
  }

  private func figure(
    _ name: String, _ side: Int, _ model: UpscalingModel, _ type: ElementType
  ) async throws -> Figure {
    var samples = [UInt8](repeating: 0, count: 3 * side * side)
    samples.withUnsafeMutableBytes { Noise.fill($0, seed: 1) }
    let image = Image(width: side, height: side, channels: 3, samples: samples)
    let options = UpscalingOptions(activations: type)
    _ = try await model.upscale(image, options: options)
    var best = Double.infinity
    for _ in 0..<3 {
      best = min(
        best,
        try await Stopwatch.seconds { _ = try await model.upscale(image, options: options) })
    }
    let kind = type == .f32 ? "" : " in \(type)"
    return Figure(
      "upscale \(side)×\(side) by \(name)\(kind) on cpu", 1 / best, "images/s", .atLeast,
      seconds: best)
  }
}
