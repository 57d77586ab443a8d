import Testing

@testable import FerryResidency

@Suite struct PoolModelTests {
  /// Pools on paper, each of its own shape: thousands in a release build, some in a debug build.
  private static var count: UInt64 {
    #if DEBUG
      40
    #else
      700
    #endif
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func whateverIsAskedIsServedOrRefusedInTime(_ part: UInt64) {
    var (loads, overtakings) = (0, 0)
    for seed in part * Self.count..<(part + 1) * Self.count {
      var model = PoolModel(seed: seed)
      model.runToTheEnd()
      loads += model.counts.loads
      overtakings += model.counts.overtakings
      #expect(model.faults.first == nil, "seed \(seed), \(model.shape)")
    }
    #expect(loads > Int(Self.count) && overtakings > Int(Self.count) / 8)
  }
}
