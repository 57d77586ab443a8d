/// The policy for an unknown future: evicts the bytes whose loss costs least per request waited, the cost of
/// bringing them back over the expected wait until they are asked for again.
///
/// The expected wait comes from the sequence of requests where that repeats itself (``SequenceForecast``),
/// and else from each model's own intervals (``ReuseIntervals``), so that cycles, changing phases and
/// independent requests of unequal popularity each get close to what is best for them.
package struct ExpectedReuse: EvictionPolicy {
  package let name = "expected-reuse"

  /// The policy.
  package init() {}

  package func order(_ snapshot: ResidencySnapshot) -> [Int] {
    let forecast = snapshot.history.forecast(until: Set(snapshot.candidates.map(\.model)))
    return snapshot.candidates.map { candidate in
      Loss(
        candidate, foreseen: forecast?[candidate.model],
        expected: snapshot.history.expectedWait(for: candidate.model), hasForecast: forecast != nil)
    }.sorted().map(\.model)
  }

  /// What giving up a byte costs per request waited.
  private struct Loss: Comparable {
    let model: Int
    let rate: Double
    let rateUnforeseen: Double

    init(
      _ candidate: ResidencySnapshot.Candidate, foreseen: Int?, expected: Double, hasForecast: Bool
    ) {
      model = candidate.model
      rateUnforeseen = candidate.secondsPerByte / expected
      if hasForecast {
        rate = foreseen.map { candidate.secondsPerByte / Double($0) } ?? 0
      } else {
        rate = rateUnforeseen
      }
    }

    static func < (left: Self, right: Self) -> Bool {
      (left.rate, left.rateUnforeseen, left.model) < (right.rate, right.rateUnforeseen, right.model)
    }
  }
}
