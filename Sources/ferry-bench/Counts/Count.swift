/// One thing that was counted.
struct Count {
  /// What is counted.
  enum Kind { case allocations, launches, bytes }

  let name: String
  let kind: Kind
  let value: Double

  init(_ name: String, _ kind: Kind, _ value: Double) {
    (self.name, self.kind, self.value) = (name, kind, value)
  }

  /// What a limit is set to: the count, and a quarter more of allocations, which threads share out by chance.
  var newLimit: Double { kind == .allocations ? (1.25 * value).rounded(.up) : value }

  /// The count beside its limit; one without a limit misses it.
  func figure(_ limits: CountLimits) -> Figure {
    guard let limit = limits[name] else {
      return Figure(name, unmeasured: "\(CountLimits.path) has no limit for it", "", .atMost, 0)
    }
    return Figure(name, value, "", .atMost, limit)
  }
}
