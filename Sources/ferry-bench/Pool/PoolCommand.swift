import ArgumentParser
import FerryResidency

/// `ferry-bench pool`: what a pool costs, and what its policies move.
struct PoolCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pool",
    abstract:
      "Leases of models that are there, bytes moved between models that do not fit, and policies against the bound."
  )

  @Option(help: "How many models are registered.") var models = 1000
  @Option(help: "How many leases are measured.") var leases = 50_000
  @Option(parsing: .upToNextOption, help: "The seeds of the generated traces.")
  var seeds: [UInt64] = [1, 2, 3]
  @Option(help: "So many traces of each kind from seeds that nobody has chosen.") var fresh = 0
  @OptionGroup var output: ReportOutput

  func validate() throws {
    guard models > 0, leases > 0, fresh >= 0 else {
      throw ValidationError("the numbers of models, leases and traces are above 0")
    }
  }

  func run() async throws {
    let report = output.begin(Report(title: "Pool", device: nil, figures: []))
    try report.add(await LeaseBench(models: models, leases: leases).figures())
    try report.add(await ReturnBench().figures())
    for seed in seeds + (0..<fresh).map({ _ in .random(in: 0 ... .max) }) {
      for kind in TraceGenerator.Kind.allCases {
        try report.add(PolicyBench(kind, seed: seed).figures())
      }
    }
  }
}
