/// What is promised and what limits there are, a line each: the cells of one promise are told together.
struct Summary {
  /// One promise or limit, and all that was measured of it.
  struct Line {
    let title: String
    /// What was promised ("≥ 20 × bitsandbytes 0.50.2").
    let bound: String
    /// The least and the greatest value of the cells; nil: nothing was measured.
    let range: ClosedRange<Double>?
    let unit: String
    let metCount: Int
    let count: Int
    /// The cell that is nearest to missing the bound, or furthest beyond it.
    let worst: String
    /// Whether the line is an advantage over a peer, and the least that was promised of it.
    let least: Double?

    /// Whether every cell is as was promised.
    var isMet: Bool { metCount == count }
  }

  let lines: [Line]

  init(_ comparison: Comparison) {
    let promised = comparison.rows.filter { $0.promise != nil }
    // A figure stands in a row for each peer; its own limit counts once.
    let limited = comparison.rows.map(\.figure).filter { $0.limit != nil }.bestOfEach
    lines =
      promised.grouped(by: { $0.promise?.title ?? "" }).map { Line($0.title, $0.members) }
      + limited.grouped(by: \.title).map { Line($0.title, $0.members) }
  }
}

extension Summary.Line {
  /// Rows of one promise.
  fileprivate init(_ title: String, _ rows: [Comparison.Row]) {
    let values = rows.map { $0.advantage ?? 0 }
    let worst = values.indices.min { values[$0] < values[$1] } ?? 0
    let least = rows[0].promise?.least ?? 0
    let peers = Array(Set(rows.compactMap { $0.peer?.peerName })).sorted()
    self.init(
      title: title, bound: "≥ \(least.short) × \(peers.joined(separator: ", "))",
      range: values.range, unit: "×", metCount: rows.count { $0.isAsPromised == true },
      count: rows.count, worst: rows[worst].figure.name, least: least)
  }

  /// Figures of one kind of limit.
  fileprivate init(_ title: String, _ figures: [Figure]) {
    let values = figures.compactMap(\.value)
    let isAtLeast = figures[0].direction == .atLeast
    let worst = figures.min {
      isAtLeast
        ? ($0.value ?? 0) < ($1.value ?? 0) : ($0.value ?? .infinity) > ($1.value ?? .infinity)
    }
    self.init(
      title: title, bound: figures[0].bound, range: values.range, unit: figures[0].unit,
      metCount: figures.count { $0.isMet == true }, count: figures.count,
      worst: worst?.name ?? title, least: nil)
  }

  /// The line as a row of a table in Markdown.
  var row: String { "| \(title) | \(bound) | \(measured) | \(verdict) |\n" }

  private var measured: String {
    guard let range else { return "not measured" }
    let low = range.lowerBound.short
    let high = range.upperBound.short
    return (low == high ? "\(low) \(unit)" : "\(low) … \(high) \(unit)").trimmed
  }

  private var verdict: String {
    if count == 1 { return isMet ? "met" : "**missed**" }
    return isMet
      ? "met, \(count) of \(count)" : "**missed**, \(metCount) of \(count) met; worst: \(worst)"
  }
}

extension Figure {
  /// What the figure's limit is told under: cells of one kind together.
  fileprivate var title: String {
    for verb in ["dequantize", "quantize"] where name.hasPrefix("\(verb) ") {
      if name.hasSuffix(", of copy bandwidth") { return "\(verb), of copy bandwidth" }
    }
    return name
  }
}

extension String {
  /// A peer's name, without how it was used.
  fileprivate var peerName: String {
    for ending in [" in training mode", " without AVX-512 BF16", ", plain f32"]
    where hasSuffix(ending) {
      return String(dropLast(ending.count))
    }
    return self
  }
}

extension [Double] {
  fileprivate var range: ClosedRange<Double>? {
    guard let low = self.min(), let high = self.max() else { return nil }
    return low...high
  }
}

extension Array {
  /// Elements of one title each, in the order in which titles appear.
  fileprivate func grouped(
    by title: (Element) -> String
  ) -> [(title: String, members: [Element])] {
    var groups: [(title: String, members: [Element])] = []
    for element in self {
      let name = title(element)
      if let place = groups.firstIndex(where: { $0.title == name }) {
        groups[place].members.append(element)
      } else {
        groups.append((name, [element]))
      }
    }
    return groups
  }
}
