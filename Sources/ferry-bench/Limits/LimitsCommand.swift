import ArgumentParser
import Ferry
import FoundationEssentials

/// `ferry-bench limits`: the limits that hold on every machine.
struct LimitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "The limits that hold on every machine, CPU and OpenCL.")

  @Option(help: "A folder for the models that are made and measured (about 4 GB).")
  var scratch = ".build/bench"
  @OptionGroup var output: ReportOutput

  func run() async throws {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let engine = Engine()
    var figures = try await LoadingBench(engine, scratch).figures()
    figures += try await QuantizingBench(engine, scratch).figures()
    figures += try await MovingBench(engine, scratch).figures()
    try output.show(Report(title: "Limits", device: nil, figures: figures))
  }
}
