import Testing

@testable import FerryResidency

/// What the policies promise on generated traces, in multiples of the lower bound.
@Suite struct PolicyTargetTests {
  @Test(arguments: TraceGenerator.Kind.allCases, [1, 2, 3] as [UInt64])
  func policiesStayNearTheBound(_ kind: TraceGenerator.Kind, seed: UInt64) {
    var generator = TraceGenerator(seed: seed)
    let problem = generator.problem(kind)
    let replay = Replay(problem.trace, budget: problem.budget, bytesPerSecond: 25e9)
    let bound = Double(replay.lowerBound())
    let ahead = Double(replay.run(LookAhead(), foresight: true).bytesMoved) / bound
    let reuse = Double(replay.run(ExpectedReuse(), foresight: false).bytesMoved) / bound
    let recent = Double(replay.run(LeastRecentlyUsed(), foresight: false).bytesMoved) / bound
    #expect(ahead >= 1 && ahead <= 1.01)
    #expect(reuse >= 1 && reuse <= (kind == .cyclic ? 1.1 : 1.5))
    // The traces are hard: what others do is farther from the bound.
    #expect(recent > reuse)
    #expect(recent > 1.2)
  }

  /// Traces on which segments are large beside what a change of models moves: what is freed too much must be used.
  @Test(
    arguments: [
      10_273_632_973_603_623_321, 14_505_383_092_491_863_642, 15_819_827_794_501_593_762,
    ] as [UInt64])
  func lookAheadWastesNoRoom(seed: UInt64) {
    var generator = TraceGenerator(seed: seed)
    let problem = generator.problem(.cyclic)
    let replay = Replay(problem.trace, budget: problem.budget, bytesPerSecond: 25e9)
    let moved = Double(replay.run(LookAhead(), foresight: true).bytesMoved)
    #expect(moved <= 1.01 * Double(replay.lowerBound()))
  }

  @Test func aSeedGivesTheSameTraceAgain() {
    for kind in TraceGenerator.Kind.allCases {
      var (first, second, other) = (
        TraceGenerator(seed: 7), TraceGenerator(seed: 7), TraceGenerator(seed: 8)
      )
      let problem = first.problem(kind)
      #expect(problem.trace == second.problem(kind).trace)
      #expect(problem.trace != other.problem(kind).trace)
      #expect(problem.budget >= problem.trace.largestRequest)
    }
  }
}
