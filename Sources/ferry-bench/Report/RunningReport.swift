import Glibc

/// A report that is printed and written as it grows: what stops a benchmark half-way leaves what it has
/// measured.
final class RunningReport {
  private(set) var report: Report
  private let json: String?

  /// Prints the head of the report.
  init(_ report: Report, json: String?) {
    self.report = report
    self.json = json
    show(report.head)
  }

  /// Prints figures, and writes all there are so far.
  func add(_ figures: [Figure]) throws {
    report.figures += figures
    show(figures.map(\.row).joined())
    if let json { try report.write(to: json) }
  }

  private func show(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
  }
}
