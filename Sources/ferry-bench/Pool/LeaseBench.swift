import FerryResidency

/// How long it takes until a lease of a model that is there has begun.
struct LeaseBench {
  let models: Int
  let leases: Int

  /// Leases of random models: one after the other, and 10,000 a second, each from the moment it was due.
  func figures() async throws -> [Figure] {
    let pool = ResidencyPool { _ in .max / 2 }
    let names = (0..<models).map { "model-\($0)" }
    for name in names {
      try await pool.register(name, BytesOnPaper(segments: 100, of: 1 << 20))
      try await pool.withModel(name) { _ in }
    }
    let among = "a lease of one of \(models) resident models"
    let alone = try await run(pool, names, interval: .zero)
    let offered = try await run(pool, names, interval: .microseconds(100))
    let due = "from the moment it was due, on a machine that may do other things"
    return [
      Figure("\(among), one after the other, median", alone.costs.median, "µs", .atMost),
      Figure("\(among), one after the other, p99", alone.costs.percentile(99), "µs", .atMost),
      Figure("\(among), at 10,000 a second, median", offered.costs.median, "µs", .atMost, 20),
      Figure("\(among), at 10,000 a second, p99", offered.costs.percentile(99), "µs", .atMost),
      Figure("the same, median", offered.delays.median, "µs", .atMost, note: due),
      Figure("the same, p99", offered.delays.percentile(99), "µs", .atMost, note: due),
      Figure("leases served of 10,000 offered a second", offered.rate, "/s", .atLeast),
    ]
  }

  /// What leases took, in microseconds.
  private struct Run {
    /// From the call to the lease.
    var costs: [Double] = []
    /// From the moment it was due to the lease: one that is late delays the next.
    var delays: [Double] = []
    /// Leases a second.
    var rate = 0.0
  }

  private func run(
    _ pool: ResidencyPool, _ names: [String], interval: Duration
  ) async throws -> Run {
    var run = Run()
    let start = ContinuousClock.now
    var seed: UInt64 = 1
    for number in 0..<leases {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let name = names[Int(seed >> 33) % names.count]
      let due = start + interval * number
      // Sleeping would measure the system's timer.
      while ContinuousClock.now < due {}
      let asked = ContinuousClock.now
      let begun = try await pool.withModel(name) { _ in ContinuousClock.now }
      run.costs.append((begun - asked) / .microseconds(1))
      run.delays.append((begun - due) / .microseconds(1))
    }
    run.rate = Double(leases) / ((ContinuousClock.now - start) / .seconds(1))
    return run
  }
}

extension [Double] {
  /// The value that so many of a hundred do not exceed.
  func percentile(_ percent: Int) -> Double {
    let sorted = sorted()
    return sorted[Swift.min(sorted.count - 1, sorted.count * percent / 100)]
  }
}
