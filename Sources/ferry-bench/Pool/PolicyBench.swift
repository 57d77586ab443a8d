import FerryResidency

/// What the policies move on one generated trace, in multiples of what Belady's algorithm moves on its bytes.
struct PolicyBench {
  let kind: TraceGenerator.Kind
  let seed: UInt64

  init(_ kind: TraceGenerator.Kind, seed: UInt64) { (self.kind, self.seed) = (kind, seed) }

  func figures() -> [Figure] {
    var generator = TraceGenerator(seed: seed)
    let problem = generator.problem(kind)
    let replay = Replay(problem.trace, budget: problem.budget, bytesPerSecond: 25e9)
    let bound = Double(replay.lowerBound())
    let policies: [(any EvictionPolicy, foresight: Bool, limit: Double?)] = [
      (LookAhead(), true, 1.01), (ExpectedReuse(), false, kind == .cyclic ? 1.1 : 1.5),
      (LeastRecentlyUsed(), false, nil),
    ]
    return policies.map { policy, foresight, limit in
      let moved = Double(replay.run(policy, foresight: foresight).bytesMoved)
      return Figure(
        "bytes moved by \(policy.name), \(kind.rawValue) trace, seed \(seed), of the bound",
        moved / bound, "×", .atMost, limit)
    }
  }
}
