import Testing

@testable import FerryResidency

@Suite struct PolicyTests {
  private static func snapshot(
    _ history: [Int], holding models: [Int], declared: [Int] = [], cost: [Int: Double] = [:]
  ) -> ResidencySnapshot {
    var recorded = RequestHistory()
    for model in history { recorded.record(model) }
    let candidates = models.map {
      ResidencySnapshot.Candidate(
        model: $0, residentBytes: 1, secondsPerByte: cost[$0] ?? 1)
    }
    return ResidencySnapshot(
      candidates: candidates, history: recorded, declared: DeclaredRequests(declared))
  }

  @Test func leastRecentlyUsedGoesFirst() {
    let snapshot = Self.snapshot([2, 0, 1, 0], holding: [0, 1, 2, 3])
    #expect(LeastRecentlyUsed().order(snapshot) == [3, 2, 1, 0])
  }

  @Test func whatIsDeclaredLastGoesFirst() {
    let snapshot = Self.snapshot([0, 1, 2], holding: [0, 1, 2, 3], declared: [1, 0, 1, 2])
    #expect(LookAhead().order(snapshot) == [3, 2, 0, 1])
  }

  @Test func onACycleTheOneJustUsedGoesFirst() {
    let cycle = (0..<40).map { $0 % 4 }
    let snapshot = Self.snapshot(cycle + [0], holding: [0, 1, 2, 3])
    #expect(ExpectedReuse().order(snapshot) == [0, 3, 2, 1])
  }

  @Test func whatIsCheapToBringBackGoesFirst() {
    let random = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0]
    let snapshot = Self.snapshot(random, holding: [0, 1], cost: [0: 1, 1: 50])
    #expect(ExpectedReuse().order(snapshot) == [0, 1])
    let other = Self.snapshot(random, holding: [0, 1], cost: [0: 50, 1: 1])
    #expect(ExpectedReuse().order(other) == [1, 0])
  }

  @Test func whatStaysAwayGoesBeforeWhatComesOften() {
    let phase = [5, 5, 6, 5] + (0..<30).map { [0, 1, 0, 2, 1][$0 % 5] }
    let order = ExpectedReuse().order(Self.snapshot(phase, holding: [0, 1, 2, 5, 6]))
    #expect(Set(order.prefix(2)) == [5, 6])
  }
}

@Suite struct RequestForecastTests {
  @Test func distancesCountTheRequestsBefore() {
    var declared = DeclaredRequests([3, 1, 3, 2])
    #expect(declared.distance(to: 2) == 3)
    declared.advance()
    #expect(declared.distance(to: 3) == 1)
    #expect(declared.distance(to: 1) == 0)
    declared.append([1, 4])
    #expect(declared.distance(to: 4) == 4)
    for _ in 0..<9 { declared.advance() }
    #expect(declared.distance(to: 3) == nil)
    #expect(declared.passed == 6)
  }

  @Test func aSequenceIsForetoldAfterItRepeated() {
    var sequence = SequenceForecast()
    for model in (0..<30).map({ [0, 1, 0, 2][$0 % 4] }) { sequence.record(model) }
    #expect(sequence.isReliable)
    // 0, 1 were last: 0 comes, then 2.
    #expect(sequence.forecast(until: [0, 1, 2, 9]) == [0: 1, 2: 2, 1: 4])
    sequence.forget(2)
    #expect(sequence.forecast(until: [2])[2] == nil)
  }

  @Test func randomRequestsAreNotForetold() {
    var sequence = SequenceForecast()
    var state: UInt32 = 1
    for _ in 0..<200 {
      state = state &* 1_664_525 &+ 1_013_904_223
      sequence.record(Int(state >> 16) % 7)
    }
    #expect(!sequence.isReliable)
  }

  @Test func equalIntervalsAreExpectedAgain() {
    var intervals = ReuseIntervals()
    for now in stride(from: 0, through: 100, by: 10) { intervals.record(at: now) }
    #expect(intervals.expectedWait(at: 104) > 5.9 && intervals.expectedWait(at: 104) < 7.5)
    // Overdue: the longer it stays away, the longer it will.
    #expect(intervals.expectedWait(at: 140) < intervals.expectedWait(at: 400))
  }

  @Test func forgottenModelsAreNew() {
    var history = RequestHistory()
    for model in [0, 1, 0, 1, 0] { history.record(model) }
    #expect(history.lastUse(of: 1) == 3)
    history.forget(1)
    #expect(history.lastUse(of: 1) == -1)
    #expect(history.expectedWait(for: 1) > history.expectedWait(for: 0))
  }
}
