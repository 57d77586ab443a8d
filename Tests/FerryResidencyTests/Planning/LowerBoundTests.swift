import Testing

@testable import FerryResidency

@Suite struct LowerBoundTests {
  private static func bound(_ sizes: [Int], _ requests: [(Int, Int)], budget: Int) -> Int {
    let models = sizes.enumerated().map { number, size in
      RequestTrace.Model(name: "\(number)", segments: Array(repeating: 1, count: size))
    }
    let trace = RequestTrace(
      models: models, requests: requests.map { .init(model: $0.0, seconds: 1, passes: $0.1) })
    return Replay(trace, budget: budget, bytesPerSecond: 1).lowerBound()
  }

  @Test func whatDoesNotStayComesInEveryPass() {
    #expect(Self.bound([100], [(0, 1)], budget: 60) == 100)
    #expect(Self.bound([100], [(0, 3)], budget: 60) == 100 + 2 * 40)
    // Between two requests it stays where nothing else is asked for.
    #expect(Self.bound([100], [(0, 3), (0, 2)], budget: 60) == 100 + 2 * 40 + 2 * 40)
    #expect(Self.bound([100], [(0, 9)], budget: 100) == 100)
  }

  /// A pass needs a byte only while it is used: the small model stays beside it.
  @Test func onePassTakesNothingFromWhatComesSooner() {
    #expect(Self.bound([100, 20], [(1, 1), (0, 1), (1, 1)], budget: 60) == 20 + 100)
    // Two passes do: a byte that stays for the second is as good as one that stays for the small model.
    #expect(Self.bound([100, 20], [(1, 1), (0, 3), (1, 1)], budget: 60) == 20 + 100 + 2 * 40 + 20)
  }

  /// Belady's algorithm itself, page by page, on traces of models that are all larger than the budget.
  @Test(arguments: 1...40) func itIsBeladysAlgorithm(seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    let budget = Int.random(in: 20...60, using: &random)
    let sizes = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      Int.random(in: budget + 1...3 * budget, using: &random)
    }
    let requests = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      (
        Int.random(in: sizes.indices, using: &random), Int.random(in: 1...3, using: &random)
      )
    }
    let bound = Self.bound(sizes, requests, budget: budget)
    let faults = Self.faults(sizes, requests, budget: budget)
    let passes = requests.reduce(0) { $0 + $1.1 }
    // Where a page must be in a frame while it is used, a pass faults once more at most, and may carry that on.
    #expect(bound <= faults && faults <= bound + 2 * passes, "\(bound), \(faults)")
  }

  /// The faults of the page that is needed last being evicted.
  private static func faults(_ sizes: [Int], _ requests: [(Int, Int)], budget: Int) -> Int {
    let uses = requests.flatMap { model, passes in
      (0..<passes).flatMap { _ in (0..<sizes[model]).map { model * 1000 + $0 } }
    }
    var next = [Int](repeating: .max, count: uses.count)
    var seen: [Int: Int] = [:]
    for place in uses.indices.reversed() {
      next[place] = seen[uses[place]] ?? .max
      seen[uses[place]] = place
    }
    var frames: [Int: Int] = [:]
    var faults = 0
    for place in uses.indices {
      if frames[uses[place]] == nil {
        faults += 1
        if frames.count == budget, let last = frames.max(by: { $0.value < $1.value }) {
          frames[last.key] = nil
        }
      }
      frames[uses[place]] = next[place]
    }
    return faults
  }
}
