import Ferry

/// SmolLM2 from its file to quantized files, from those into memory, and on to another device.
struct FilesBench {
  let models: BenchModels
  private var rounds: Int { models.isTrial ? 1 : 5 }

  init(_ models: BenchModels) { self.models = models }

  func figures() async throws -> [Figure] {
    var figures: [Figure] = []
    for (name, format) in BenchModels.formats {
      figures.append(try await quantizing(name, format))
      figures.append(try await loading(name, format))
      figures += try await moving(name, format)
    }
    return figures
  }

  private func quantizing(_ name: String, _ format: WeightFormat) async throws -> Figure {
    let seconds = try await best { try await models.quantize(name, format) }
    return Figure("quantize SmolLM2-135M, file to \(name) folder, on cpu", seconds, "s", .atMost)
  }

  /// The files are in the page cache.
  private func loading(_ name: String, _ format: WeightFormat) async throws -> Figure {
    let path = try await models.smolLM2(name, format)
    let seconds = try await best { _ = try await models.engine.load(path) }
    return Figure("load SmolLM2-135M in \(name) on cpu", seconds, "s", .atMost)
  }

  private func moving(_ name: String, _ format: WeightFormat) async throws -> [Figure] {
    guard let device = try models.engine.devices().map(\.device).first(where: { $0 != .cpu }) else {
      return []
    }
    let weights = try await models.engine.loadWeights(try await models.smolLM2(name, format))
    var rates: [Double] = []
    for _ in 0..<rounds {
      rates.append(try await weights.move(to: device).gbPerSecond)
      try await weights.move(to: .cpu)
    }
    return [
      Figure("move SmolLM2-135M in \(name), cpu to \(device)", rates.max() ?? 0, "GB/s", .atLeast)
    ]
  }

  private func best(_ body: () async throws -> Void) async throws -> Double {
    var best = Double.infinity
    for _ in 0..<rounds { best = min(best, try await Stopwatch.seconds(body)) }
    return best
  }
}
