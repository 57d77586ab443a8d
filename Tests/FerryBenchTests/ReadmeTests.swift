import Foundation
import Testing

@testable import ferry_bench

/// The README says what the committed result says.
@Suite struct ReadmeTests {
  @Test func theTableIsThatOfItsResult() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.path("README.md")))
    let document = String(decoding: data, as: UTF8.self)
    let source = try #require(ReadmeSection.source(in: document))
    let comparison = try Comparison(path: Repository.path(source))
    let text = ReadmeSection.text(comparison, path: source)
    #expect(
      ReadmeSection.replacing(in: document, with: text) == document,
      "run: ferry-bench readme \(source)")
    let chart = Repository.path(String(source.dropLast(".json".count)) + ".svg")
    let picture = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: chart)), as: UTF8.self)
    #expect(picture == Chart(comparison).svg)
    #expect(comparison.warnings.isEmpty)
  }
}

/// The files of the package, from the tests.
enum Repository {
  static func path(_ relative: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(relative).path
  }
}
