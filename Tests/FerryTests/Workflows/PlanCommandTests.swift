import Testing

@testable import Ferry

@Suite struct PlanTests {
  @Test func generatedTracesKeepThePromises() throws {
    let report = try Engine.planGenerated("zipf", seed: 11, bytesPerSecond: 25e9)
    #expect(report.policies.map(\.name) == ["look-ahead", "expected-reuse", "lru"])
    let ratios = report.policies.map { Double($0.bytesMoved) / Double(report.lowerBound) }
    #expect(ratios[0] <= 1.01 && ratios[1] <= 1.5 && ratios[2] > ratios[1])
    #expect(throws: FerryError.self) {
      try Engine.planGenerated("steady", seed: 1, bytesPerSecond: 1)
    }
  }
}
