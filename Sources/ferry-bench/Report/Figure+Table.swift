extension Figure {
  /// The head of a table of figures in Markdown.
  static let tableHead = "| figure | measured | limit | |\n|---|---|---|---|\n"

  /// The figure as a row of it.
  var row: String { "| \(name) | \(measured) | \(bound) | \(verdict) |\n" }

  /// The value, and the time it comes from.
  var measured: String {
    guard let value else { return "–" }
    let time = seconds.map { " (\($0.spelledAsTime))" } ?? ""
    return "\(value.short) \(unit)".trimmed + time
  }

  /// What the value is held against.
  var bound: String {
    guard let limit else { return "" }
    return "\(direction == .atMost ? "≤" : "≥") \(limit.short) \(unit)".trimmed
  }

  /// Whether the limit is met, and what there is to say.
  var verdict: String {
    let judgement = isMet.map { $0 ? "met" : "**missed**" }
    let remark = value == nil ? "not measured: \(note ?? "no reason was given")" : note
    return [judgement, remark].compactMap { $0 }.joined(separator: "; ")
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

  /// So many seconds, in the unit that suits them.
  var spelledAsTime: String {
    if self >= 1 { return "\(short) s" }
    return self >= 1e-3 ? "\((self * 1e3).short) ms" : "\((self * 1e6).short) µs"
  }
}

extension String {
  /// Without spaces at its end: some figures have no unit.
  var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
