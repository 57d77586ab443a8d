/// One figure, beside what it is held against where it is held against anything.
struct Figure: Codable {
  /// Which way is good.
  enum Direction: String, Codable { case atMost, atLeast }

  let name: String
  /// What was measured; nil where nothing could be.
  let value: Double?
  let unit: String
  let limit: Double?
  let direction: Direction
  /// value / limit: at most 1 is good for `atMost`, at least 1 for `atLeast`.
  let ratio: Double?
  /// Nil where there is no limit. A limit that was not measured against is not met.
  let isMet: Bool?
  /// The time of one run in seconds, of a figure that is made from a time.
  let seconds: Double?
  /// How it was measured, or why it was not.
  let note: String?

  /// A measured figure.
  init(
    _ name: String, _ value: Double, _ unit: String, _ direction: Direction, _ limit: Double? = nil,
    seconds: Double? = nil, note: String? = nil
  ) {
    self.init(
      name: name, value: value, unit: unit, direction: direction, limit: limit, seconds: seconds,
      note: note)
  }

  /// A figure that could not be measured, and why: where it has a limit, that is missed.
  init(
    _ name: String, unmeasured reason: String, _ unit: String, _ direction: Direction,
    _ limit: Double? = nil
  ) {
    self.init(
      name: name, value: nil, unit: unit, direction: direction, limit: limit, seconds: nil,
      note: reason)
  }

  private init(
    name: String, value: Double?, unit: String, direction: Direction, limit: Double?,
    seconds: Double?, note: String?
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.limit = limit
    self.direction = direction
    self.seconds = seconds
    self.note = note
    ratio = value.flatMap { value in limit.map { $0 == 0 ? nil : value / $0 } ?? nil }
    isMet = limit.map { limit in
      guard let value else { return false }
      return direction == .atMost ? value <= limit : value >= limit
    }
  }
}
