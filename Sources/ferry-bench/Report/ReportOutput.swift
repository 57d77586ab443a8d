import ArgumentParser

/// Where a report goes.
struct ReportOutput: ParsableArguments {
  @Option(help: "Write the results as JSON to this file.") var json: String?

  /// Begins a report whose figures are printed, and written, as they come.
  func begin(_ report: Report) -> RunningReport { RunningReport(report, json: json) }

  /// Prints the report, and writes it where that was asked for.
  func show(_ report: Report) throws {
    print(report.text)
    if let json { try report.write(to: json) }
  }
}
