import Ferry

/// The `ferry` program as a process, its files in the page cache.
struct StartupBench {
  let models: BenchModels
  let ferry: String

  init(_ models: BenchModels, _ ferry: String) { (self.models, self.ferry) = (models, ferry) }

  func figures() async throws -> [Figure] {
    let path = try await models.smolLM2(BenchModels.formats[0].name, BenchModels.formats[0].format)
    let help = try runs(["--help"])
    let answers = try runs(["generate", path, "--max-tokens", "8", "Where is Paris?"])
    let first = answers.map(\.secondsToOutput).min() ?? 0
    let memory = answers.map(\.residentBytes).max() ?? 0
    let size = try await models.engine.loadWeights(path).byteCount
    return [
      Figure("ferry --help", help.map(\.seconds).min() ?? 0, "s", .atMost, 0.05),
      Figure(
        "first token of ferry generate, SmolLM2-135M in NF4 on cpu", first, "s", .atMost, 0.5),
      Figure(
        "most resident memory of ferry generate, SmolLM2-135M in NF4, of the weights' size",
        Double(memory) / Double(size), "×", .atMost, 1.6,
        note: "\(memory / 1_000_000) MB, mapped files included"),
    ]
  }

  private func runs(_ arguments: [String]) throws -> [ChildProcess] {
    try (0..<(models.isTrial ? 1 : 6)).map { _ in try ChildProcess.run(ferry, arguments) }
  }
}
