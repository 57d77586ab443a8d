import ArgumentParser

/// `ferry-bench host`: every kernel of the CPU, of what its memory and its arithmetic can do at most.
struct HostCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host",
    abstract: "Every kernel of the CPU, of its measured bandwidth and arithmetic.")

  /// A part of the figures.
  enum Section: String, CaseIterable, ExpressibleByArgument {
    case coding, plain, fourBit = "four-bit", eightBit = "eight-bit", attention, rows, convolution,
      decode
  }

  @Option(parsing: .upToNextOption, help: "Which kernels.") var sections = Section.allCases
  @Option(parsing: .upToNextOption, help: "The rows of activations (M).") var rows: [Int] = []
  @Flag(help: "Small sizes, in seconds.") var trial = false
  @OptionGroup var output: ReportOutput

  func run() async throws {
    let open = try OpenDevice.host(scale: trial ? .small : .host)
    let report = output.begin(
      Report(title: "Host kernels", device: nil, isTrial: trial, figures: []))
    let roofs = try HostRoofs(byteCount: open.scale.copyByteCount)
    try report.add(roofs.figures)
    let bench = HostBench(open, roofs, try open.makeOperations(), rows: rows)
    for section in sections {
      try await bench.measure(section) { try report.add($0) }
    }
  }
}
