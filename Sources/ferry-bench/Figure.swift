/// One measured figure beside what it is held against.
struct Figure: Encodable {
  /// Which way is good.
  enum Direction: String, Encodable { case atMost, atLeast }

  let name: String
  let value: Double
  let unit: String
  let limit: Double
  let direction: Direction
  /// value / limit: at most 1 is good for `atMost`, at least 1 for `atLeast`.
  let ratio: Double
  let isMet: Bool

  init(_ name: String, _ value: Double, _ unit: String, _ direction: Direction, _ limit: Double) {
    self.name = name
    self.value = value
    self.unit = unit
    self.limit = limit
    self.direction = direction
    ratio = value / limit
    isMet = direction == .atMost ? value <= limit : value >= limit
  }
}

extension [Figure] {
  /// The figures as a table in Markdown.
  var table: String {
    let rows = map { figure in
      let sign = figure.direction == .atMost ? "≤" : "≥"
      return
        "| \(figure.name) | \(figure.value.short) \(figure.unit) | \(sign) \(figure.limit.short) "
        + "\(figure.unit) | \(figure.ratio.short) | \(figure.isMet ? "met" : "**missed**") |\n"
    }
    return "| figure | measured | limit | ratio | |\n|---|---|---|---|---|\n" + rows.joined()
  }
}

extension Double {
  /// The number with about three significant digits.
  var short: String {
    guard isFinite, magnitude < 1e15, magnitude > 1e-9 else { return self == 0 ? "0" : "\(self)" }
    var scale = 1.0
    while magnitude * scale < 100 { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
