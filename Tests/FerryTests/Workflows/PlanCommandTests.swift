import FoundationEssentials
import Testing

@testable import Ferry

@Suite struct PlanTests {
  private static let traces = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Benchmarks/Traces").path

  private static func ratios(_ report: PlanReport) -> [Double] {
    report.policies.map { Double($0.bytesMoved) / Double(report.lowerBound) }
  }

  @Test func generatedTracesKeepThePromises() throws {
    let report = try Engine.planGenerated("zipf", seed: 11, bytesPerSecond: 25e9)
    #expect(report.policies.map(\.name) == ["look-ahead", "expected-reuse", "lru"])
    let ratios = Self.ratios(report)
    #expect(ratios[0] <= 1.01 && ratios[1] <= 1.5 && ratios[2] > ratios[1])
    #expect(throws: FerryError.self) {
      try Engine.planGenerated("steady", seed: 1, bytesPerSecond: 1)
    }
  }

  @Test(
    "committed traces keep the promises",
    arguments: [("image-workflow", 1.1), ("assistant", 1.5), ("service", 1.5)])
  func committedTraces(name: String, most: Double) async throws {
    let report = try await Engine().plan("\(Self.traces)/\(name).yaml", bytesPerSecond: 25e9)
    let ratios = Self.ratios(report)
    #expect(ratios[0] >= 1 && ratios[0] <= 1.01)
    #expect(ratios[1] >= 1 && ratios[1] <= most)
    #expect(ratios[2] > ratios[1])
    // Who knows the future brings ahead what comes, and waits less than bytes over rate.
    let ahead = report.policies[0]
    #expect(ahead.stallSeconds < Double(ahead.bytesMoved) / 25e9)
  }

  @Test func aBudgetThatHoldsNotOneModelIsAnError() async throws {
    await #expect(throws: FerryError.self) {
      _ = try await Engine().plan(
        "\(Self.traces)/service.yaml", budget: 1_000_000, bytesPerSecond: 25e9)
    }
  }
}
