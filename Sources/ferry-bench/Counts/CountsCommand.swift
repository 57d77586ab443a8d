import ArgumentParser
import Ferry
import FerryModels

/// `ferry-bench counts`: allocations, launches and bytes, beside the most that the committed file allows.
struct CountsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counts",
    abstract: "Allocations, kernel launches and bytes moved, beside the committed limits.")

  @Option(help: "The committed limits.") var limits = CountLimits.path
  @Flag(help: "Set the limits to what is counted now.") var update = false
  @Flag(help: "Count the smaller model alone, in seconds.") var trial = false
  @OptionGroup var output: ReportOutput

  func run() async throws {
    let counts = try await Self.counts(isTrial: trial)
    if update {
      var new = (try? CountLimits(path: limits)) ?? CountLimits()
      for count in counts { new[count.name] = count.newLimit }
      try new.write(to: limits)
    }
    let most = try CountLimits(path: limits)
    let figures = counts.map { $0.figure(most) }
    try output.show(Report(title: "Counts", device: nil, figures: figures))
    if figures.contains(where: { $0.isMet == false }) { throw ExitCode.failure }
  }

  /// The counts of models of two shapes, or of the smaller alone.
  private static func counts(isTrial: Bool) async throws -> [Count] {
    let engine = Engine()
    let device = try engine.devices().map(\.device).first { $0.backend == .opencl }
    let bench = CountsBench(
      host: try engine.context(for: .cpu),
      backend: try device.map { try engine.context(for: $0).backend })
    let small = try await bench.counts(of: .small, named: "2 layers")
    if isTrial { return small }
    return small + (try await bench.counts(of: .smolLM2, named: "the shape of SmolLM2-135M"))
  }
}
