/// Which models were asked for, when, and what follows from that. Time is counted in requests.
package struct RequestHistory: Sendable {
  /// How many requests there were.
  package private(set) var requestCount = 0
  private var models: [ReuseIntervals] = []
  private var sequence = SequenceForecast()

  /// Nothing was asked for yet.
  package init() {}

  /// `model` is asked for.
  package mutating func record(_ model: Int) {
    while models.count <= model { models.append(ReuseIntervals()) }
    models[model].record(at: requestCount)
    sequence.record(model)
    requestCount += 1
  }

  /// `model` is gone, and its number is free for another.
  package mutating func forget(_ model: Int) {
    if model < models.count { models[model] = ReuseIntervals() }
    sequence.forget(model)
  }

  /// When `model` was last asked for; -1 where it never was.
  package func lastUse(of model: Int) -> Int {
    model < models.count ? models[model].lastUse ?? -1 : -1
  }

  /// In how many requests `model` will be asked for again, by its own past: at least 1.
  package func expectedWait(for model: Int) -> Double {
    guard model < models.count else { return ReuseIntervals.never(at: requestCount) }
    return models[model].expectedWait(at: requestCount)
  }

  /// In how many requests each of `models` comes, where the sequence has been foreseeable lately; models
  /// that do not come soon are missing.
  package func forecast(until models: Set<Int>) -> [Int: Int]? {
    sequence.isReliable ? sequence.forecast(until: models) : nil
  }
}
