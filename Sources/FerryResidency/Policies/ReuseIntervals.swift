/// The intervals between the requests for one model, and how long the next will take.
///
/// The estimate is the mean of what was left of earlier intervals at the present age, drawn towards the
/// mean of all of them where few were as long: exact for a model that comes at equal intervals, the mean for
/// one that comes at random, and growing with the age for one that stays away.
struct ReuseIntervals: Sendable {
  private static let memory = 64
  /// How many observations the mean of all intervals counts for.
  private static let weightOfMean = 2.0

  private(set) var lastUse: Int?
  private var intervals: [Int] = []
  private var oldest = 0
  private var total = 0

  mutating func record(at now: Int) {
    if let lastUse { remember(now - lastUse) }
    lastUse = now
  }

  private mutating func remember(_ interval: Int) {
    total += interval
    if intervals.count < Self.memory { return intervals.append(interval) }
    total -= intervals[oldest]
    intervals[oldest] = interval
    oldest = (oldest + 1) % Self.memory
  }

  /// In how many requests from the `now`-th on the next one is to be expected; at least 1.
  func expectedWait(at now: Int) -> Double {
    guard let lastUse else { return Self.never(at: now) }
    let age = now - lastUse
    // Asked for once: it may come back, but later than what has shown that it does.
    guard !intervals.isEmpty else { return Double(now + 4 * age) }
    let mean = Double(total) / Double(intervals.count)
    var count = 0
    var rest = 0
    for interval in intervals where interval > age {
      count += 1
      rest += interval - age
    }
    // Longer than ever: the longer it has stayed away, the longer it will.
    guard count > 0 else { return max(mean, Double(age) / 2) + Double(age) }
    let wait = (Double(rest) + Self.weightOfMean * mean) / (Double(count) + Self.weightOfMean)
    return max(1, wait)
  }

  /// For a model that was never asked for.
  static func never(at now: Int) -> Double { Double(max(1, now)) * 8 }
}
