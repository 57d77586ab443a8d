import ArgumentParser
import Ferry
import FoundationEssentials

/// `ferry-bench`: measures, and prints each figure beside its limit.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ferry-bench", abstract: "Measure Ferry on this machine, as ratios to limits.")

  @Option(help: "SmolLM2-135M-Instruct.Q4_1.gguf, for the figures on real weights.")
  var weights: String?
  @Option(help: "A folder for the models that are made and measured (about 4 GB).")
  var scratch = ".build/bench"
  @Option(help: "Write the results as JSON to this file.") var json: String?

  func run() async throws {
    let machine = Machine.current
    print("# Limits\n\n\(machine.description)\n")
    #if DEBUG
      print("This is a debug build: times mean nothing.\n")
    #endif
    try FileManager.default.createDirectory(
      atPath: scratch, withIntermediateDirectories: true)
    let engine = Engine()
    var figures = try await LoadingBench(engine, scratch).figures()
    figures += try await QuantizingBench(engine, scratch).figures()
    figures += try await MovingBench(engine, scratch).figures()
    if let weights { figures += try await DecodingBench(engine, scratch, weights).figures() }
    print(figures.table)
    if let json { try write(Report(machine: machine, figures: figures), to: json) }
  }

  private struct Report: Encodable {
    let machine: Machine
    let figures: [Figure]
  }

  private func write(_ report: Report, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(report).write(to: URL(fileURLWithPath: path))
  }
}
