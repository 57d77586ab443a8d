import Testing

@testable import FerryResidency

@Suite struct ReplayTests {
  /// Three models of ten segments of 10 bytes, asked for in turns, in room for two and a half.
  private static func turns(_ rounds: Int) -> Replay {
    let models = ["a", "b", "c"].map {
      RequestTrace.Model(name: $0, segments: Array(repeating: 10, count: 10))
    }
    let requests = (0..<3 * rounds).map { RequestTrace.Request(model: $0 % 3, seconds: 1) }
    return Replay(
      RequestTrace(models: models, requests: requests), budget: 250, bytesPerSecond: 100)
  }

  @Test func leastRecentlyUsedEvictsWhatComesNext() {
    let replay = Self.turns(4)
    // c takes 50 bytes of a, which is next and takes them of b, which is next …
    #expect(
      replay.run(LeastRecentlyUsed(), foresight: false).bytesMoved == 300 + 3 * 3 * 50)
  }

  @Test func lookAheadReachesTheBound() {
    let replay = Self.turns(4)
    let result = replay.run(LookAhead(), foresight: true)
    #expect(result.bytesMoved == replay.lowerBound())
    #expect(result.bytesMoved < replay.run(LeastRecentlyUsed(), foresight: false).bytesMoved)
  }

  @Test func goingThereAndBackMovesWhatDidNotFit() {
    let models = [
      RequestTrace.Model(name: "a", segments: Array(repeating: 10, count: 10)),
      RequestTrace.Model(name: "b", segments: Array(repeating: 10, count: 10)),
    ]
    let requests = [0, 1, 0, 1, 0].map { RequestTrace.Request(model: $0, seconds: 1) }
    let replay = Replay(
      RequestTrace(models: models, requests: requests), budget: 180, bytesPerSecond: 1)
    for policy in [LeastRecentlyUsed(), ExpectedReuse()] as [any EvictionPolicy] {
      #expect(replay.run(policy, foresight: false).bytesMoved == 200 + 3 * 20)
    }
  }

  @Test func prefetchingTakesTimeOffAndAddsNoByte() {
    let replay = Self.turns(6)
    let ahead = replay.run(LookAhead(), foresight: true)
    let blind = replay.run(LookAhead(), foresight: false)
    #expect(ahead.spans.contains { $0.kind == .prefetch })
    #expect(ahead.bytesMoved == replay.lowerBound())
    #expect(ahead.totalSeconds < blind.totalSeconds)
    #expect(ahead.stallSeconds < Double(ahead.bytesMoved) / 100)
  }

  /// Ten pages in room for seven: four stay beside the ring, and six come in each of three passes.
  @Test func whatNeverFitsComesInEveryPass() {
    let model = RequestTrace.Model(name: "a", segments: Array(repeating: 10, count: 10))
    let small = RequestTrace.Model(name: "b", segments: [10, 10])
    let trace = RequestTrace(
      models: [model, small],
      requests: [
        .init(model: 0, seconds: 1, passes: 3), .init(model: 1, seconds: 1),
        .init(model: 0, seconds: 30, passes: 1),
      ])
    #expect(trace.leastBudget == 30)
    let replay = Replay(trace, budget: 70, bytesPerSecond: 10)
    let result = replay.run(LookAhead(), foresight: false)
    // Then the small one fits beside what stays, and nothing of that has to come again.
    #expect(result.bytesMoved == 40 + 3 * 60 + 20 + 60)
    #expect(replay.lowerBound() == 100 + 2 * 30 + 20 + 50)
    // Waiting: what stays; 18 s of bytes behind a second of computing; the small one; behind 30 s nothing.
    #expect(abs(result.stallSeconds - (4 + 17 + 2)) < 1e-9)
    #expect(result.spans.filter { $0.kind == .stream }.count == 2)
    #expect(abs(result.totalSeconds - (4 + 18 + 2 + 1 + 30)) < 1e-9)
  }

  @Test func spansAddUp() {
    let result = Self.turns(3).run(LeastRecentlyUsed(), foresight: false)
    let seconds = result.spans.reduce(0) { $0 + $1.end - $1.start }
    #expect(abs(seconds - result.totalSeconds) < 1e-9)
    #expect(abs(result.totalSeconds - result.stallSeconds - 9) < 1e-9)
  }
}

@Suite struct PartialResidencyTests {
  @Test func whatIsGivenUpIsLittleMoreThanAskedFor() {
    var residency = PartialResidency(segments: [4, 1, 2, 1, 2, 1, 2, 4])
    for segment in residency.missing { residency.bring(segment) }
    #expect(residency.giveUp(atLeast: 5) == [7, 5])
    #expect(residency.residentBytes == 12)
    // 2 + 2 are too few and with another 2 too many: one of them is exchanged for 4 − 2.
    #expect(residency.giveUp(atLeast: 3).count == 2)
    #expect(residency.residentBytes == 9)
    #expect(residency.missingBytes == 8)
    #expect(residency.giveUp(atLeast: 100).count == 4)
    #expect(residency.residentBytes == 0)
    #expect(residency.missing == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test func whatWasGivenUpTooMuchStays() {
    var residency = PartialResidency(segments: [3, 5, 1, 2])
    for segment in residency.missing { residency.bring(segment) }
    let given = residency.giveUp(atLeast: 11)
    #expect(given.count == 4)
    #expect(residency.keep(given, within: 6) == [0, 2, 3])
    #expect(residency.residentBytes == 6 && residency.missing == [1])
  }

  @Test func aSegmentIsExchangedWhereThatFits() {
    var residency = PartialResidency(segments: [3, 2, 2])
    for segment in residency.missing { residency.bring(segment) }
    // 2 is too few, 2 + 2 are one more than 3.
    #expect(residency.giveUp(atLeast: 3) == [0])
    #expect(residency.missing == [0])
  }
}
