import ArgumentParser
import FoundationEssentials

/// `ferry-bench table`: many reports in one table, beside what others took for the same.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Put reports together into one table, beside the peers' figures for the same work.")

  @Argument(help: "Reports that ferry-bench wrote with --json.") var reports: [String]
  @Option(parsing: .upToNextOption, help: "What the peers' script wrote.") var peers: [String] = []
  @Option(help: "Write the table as JSON to this file.") var json: String?
  @Option(help: "Draw what was promised into this SVG file.") var chart: String?

  func run() throws {
    let own = try reports.map { try Report(path: $0) }
    let others = try peers.map { try PeerReport(path: $0) }
    let comparison = Comparison(own, others)
    print(comparison.text)
    if let json { try comparison.write(to: json) }
    if let chart { try Data(Chart(comparison).svg.utf8).write(to: URL(fileURLWithPath: chart)) }
  }
}
