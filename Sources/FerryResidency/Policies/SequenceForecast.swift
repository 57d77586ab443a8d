/// Foretells the next requests by what followed the same three, two or one requests last time, and keeps count
/// of how often that was right.
///
/// Source: J. S. Vitter and P. Krishnan, "Optimal prefetching via data compression", JACM 43 (1996).
struct SequenceForecast: Sendable {
  private static let contextLimit = 1 << 14
  private static let forecastLimit = 512
  /// The weight of the past when the share of right forecasts is carried on.
  private static let persistence = 0.9
  private static let reliableShare = 0.7

  private var followers: [RecentRequests: Int] = [:]
  private var recent = RecentRequests()
  private var shareRight = 0.0

  /// Whether most of the last requests were foreseen.
  var isReliable: Bool { shareRight >= Self.reliableShare }

  mutating func record(_ model: Int) {
    let isRight = next(after: recent) == model
    shareRight = Self.persistence * shareRight + (isRight ? 1 - Self.persistence : 0)
    if followers.count > Self.contextLimit { followers = [:] }
    for context in recent.suffixes { followers[context] = model }
    recent.append(model)
  }

  /// Nothing that mentions `model` is expected any more.
  mutating func forget(_ model: Int) {
    followers = followers.filter { $0.value != model && !$0.key.contains(model) }
    if recent.contains(model) { recent = RecentRequests() }
  }

  /// In how many requests, from 1 on, each of `models` comes; those that are not foreseen are missing.
  func forecast(until models: Set<Int>) -> [Int: Int] {
    var distances: [Int: Int] = [:]
    var missing = models
    var context = recent
    for distance in 1...Self.forecastLimit {
      guard let model = next(after: context) else { break }
      if missing.remove(model) != nil { distances[model] = distance }
      if missing.isEmpty { break }
      context.append(model)
    }
    return distances
  }

  private func next(after recent: RecentRequests) -> Int? {
    for context in recent.suffixes {
      if let model = followers[context] { return model }
    }
    return nil
  }
}

/// Up to three requests, one after the other.
private struct RecentRequests: Hashable, Sendable {
  private var last: Int?
  private var second: Int?
  private var third: Int?

  mutating func append(_ model: Int) { (third, second, last) = (second, last, model) }

  func contains(_ model: Int) -> Bool { last == model || second == model || third == model }

  /// The last requests, from all of them down to one.
  var suffixes: [RecentRequests] {
    guard last != nil else { return [] }
    var suffixes = [self]
    if third != nil { suffixes.append(RecentRequests(last: last, second: second)) }
    if second != nil { suffixes.append(RecentRequests(last: last)) }
    return suffixes
  }

  init(last: Int? = nil, second: Int? = nil) { (self.last, self.second) = (last, second) }
}
