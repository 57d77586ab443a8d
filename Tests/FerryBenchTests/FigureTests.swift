import Foundation
import Testing

@testable import ferry_bench

/// What a figure says of its limit, and that a report survives its file.
@Suite struct FigureTests {
  @Test func aLimitIsMetFromItsOwnSide() {
    #expect(Figure("rate", 10, "GB/s", .atLeast, 10).isMet == true)
    #expect(Figure("rate", 9.9, "GB/s", .atLeast, 10).isMet == false)
    #expect(Figure("time", 5, "ms", .atMost, 5).isMet == true)
    #expect(Figure("time", 5.1, "ms", .atMost, 5).isMet == false)
    #expect(Figure("bytes that stay", 0, "bytes", .atMost, 0).isMet == true)
    #expect(Figure("bytes that stay", 1, "bytes", .atMost, 0).isMet == false)
  }

  @Test func whatWasNotMeasuredMissesItsLimitAndSaysWhy() {
    let figure = Figure("pinning", unmeasured: "nothing registers", "GB/s", .atLeast, 10)
    #expect(figure.isMet == false)
    #expect(figure.verdict == "**missed**; not measured: nothing registers")
    let unlimited = Figure("copy", unmeasured: "one device only", "GB/s", .atLeast)
    #expect(unlimited.isMet == nil)
    #expect(unlimited.verdict == "not measured: one device only")
  }

  @Test func aReportSurvivesItsFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let figures = [
      Figure("a", 1.5, "GB/s", .atLeast, 2, seconds: 0.25, note: "of five"),
      Figure("b", unmeasured: "no room", "s", .atMost),
    ]
    let report = Report(title: "Links", device: nil, isTrial: true, figures: figures)
    try report.write(to: path)
    let read = try Report(path: path)
    #expect(read.text == report.text)
    #expect(read.figures.map(\.seconds) == [0.25, nil])
  }
}
