import ArgumentParser
import Ferry
import FoundationEssentials

/// `ferry-bench models`: real models on the CPU, from files to answers.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Real models on the CPU: load, move, quantize, generate, embed, upscale, start.")

  /// A part of the figures.
  enum Section: String, CaseIterable, ExpressibleByArgument {
    case files, generate, embed, upscale, startup
  }

  @Option(help: "The folder of SmolLM2's GGUF file, all-MiniLM-L6-v2 and realesrgan.")
  var weights = ".build/weights"
  @Option(parsing: .upToNextOption, help: "Which figures.") var sections = Section.allCases
  @Option(help: "A folder for the models that are made.") var scratch = ".build/bench"
  @Option(help: "256 texts, one a line.") var sentences = "Benchmarks/Peers/sentences.txt"
  @Option(help: "The ferry program; by default the one beside this.") var ferry: String?
  @Flag(help: "Short texts and small images, in seconds.") var trial = false
  @OptionGroup var output: ReportOutput

  func run() async throws {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let report = output.begin(Report(title: "Models", device: nil, isTrial: trial, figures: []))
    for section in sections {
      try report.add(
        await .attempting("\(section) of real models") { try await figures(section) })
    }
  }

  private func figures(_ section: Section) async throws -> [Figure] {
    let models = BenchModels(weights: weights, scratch: scratch, isTrial: trial)
    switch section {
    case .files: return try await FilesBench(models).figures()
    case .generate: return try await GenerationBench(models).figures()
    case .embed: return try await EmbeddingBench(models, sentences).figures()
    case .upscale: return try await UpscalingBench(models).figures()
    case .startup:
      return try await StartupBench(models, ferry ?? ChildProcess.sibling("ferry")).figures()
    }
  }
}
