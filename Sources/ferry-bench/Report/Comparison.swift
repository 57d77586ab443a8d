import FoundationEssentials

/// Ferry's figures beside its peers' for the same work.
struct Comparison: Codable {
  /// One figure, and how many times as fast as a peer's it is.
  struct Row: Codable {
    let figure: Figure
    let peer: String?
    let peerSeconds: Double?
    let peerValue: Double?
    /// Above 1 Ferry is faster.
    let advantage: Double?
    /// What was promised of the advantage; nil: nothing.
    let promise: Promise?

    /// Nil where nothing was promised.
    var isAsPromised: Bool? { promise.map { (advantage ?? 0) >= $0.least } }
  }

  /// What was measured on, a line each.
  let heads: [String]
  /// Why the figures are to be taken with care.
  let warnings: [String]
  let rows: [Row]
  /// What one side has not measured, and why.
  let missing: [String]

  /// Compares reports of one machine and device; of what was measured several times, the best counts.
  init(_ reports: [Report], _ peers: [PeerReport]) {
    heads = reports.map { $0.device?.text ?? $0.machine.description }.uniqued
    warnings = reports.flatMap(\.warnings).uniqued
    let entries = peers.flatMap(\.entries).bestOfEach
    let figures = Self.completed(reports.flatMap(\.figures).bestOfEach, by: entries)
    let byName = Dictionary(grouping: entries, by: \.name)
    let device = peers.first?.device
    rows = figures.flatMap { figure in
      (byName[figure.name] ?? []).map { Row(figure, $0, on: device) }.orSingle(Row(figure))
    }
    let names = Set(figures.map(\.name))
    missing =
      peers.flatMap(\.missing).uniqued.map { "not measured by a peer: \($0)" }
      + entries.map(\.name).uniqued.filter { !names.contains($0) }
      .map { "not measured by Ferry: \($0)" }
  }

  /// The comparisons with the vendor's library that only a peer's figures allow.
  private static func completed(_ figures: [Figure], by peers: [PeerReport.Entry]) -> [Figure] {
    let others = peers.compactMap { entry in
      entry.seconds.map { Figure(entry.name, 0, entry.unit, .atMost, seconds: $0) }
    }
    let products = LargeProducts(figures).figures(peers: others)
    let byName = Dictionary(products.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    return figures.map { $0.value == nil ? byName[$0.name] ?? $0 : $0 }
  }

  /// The table, and above it what it was measured on.
  var text: String {
    let lines = heads + warnings + missing
    let rows = rows.map(\.text).joined()
    let missed = self.rows.filter(\.isMissed).count
    return lines.joined(separator: "\n")
      + "\n\n| figure | Ferry | limit | peer | Ferry is faster by | |\n|---|---|---|---|---|---|\n"
      + rows + "\n\(self.rows.count) figures, \(missed) limits missed\n"
  }

  /// Writes everything as JSON.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path))
  }

  /// Reads what ``write(to:)`` wrote.
  init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    self = try JSONDecoder().decode(Comparison.self, from: data)
  }
}

extension Comparison.Row {
  /// A figure that no peer has.
  init(_ figure: Figure) {
    self.init(
      figure: figure, peer: nil, peerSeconds: nil, peerValue: nil, advantage: nil, promise: nil)
  }

  /// Whether a limit or a promise is not kept.
  var isMissed: Bool { figure.isMet == false || isAsPromised == false }

  /// A figure beside a peer's: by time where both have one, else by value.
  init(_ figure: Figure, _ entry: PeerReport.Entry, on device: String?) {
    self.init(
      figure: figure, peer: entry.peer, peerSeconds: entry.seconds, peerValue: entry.value,
      advantage: Self.advantage(figure, entry), promise: Promise(figure, entry, on: device))
  }

  private static func advantage(_ figure: Figure, _ entry: PeerReport.Entry) -> Double? {
    if let mine = figure.seconds, let theirs = entry.seconds { return theirs / mine }
    guard let mine = figure.value, let theirs = entry.value, mine > 0, theirs > 0 else {
      return nil
    }
    return figure.direction == .atLeast ? mine / theirs : theirs / mine
  }

  fileprivate var text: String {
    let theirs = peer.map { "\($0): \(peerFigure)" } ?? ""
    let bounds = [figure.bound, promise.map { "≥ \($0.least.short) × the peer" } ?? ""]
    let kept = isAsPromised.map { $0 ? "as fast as promised" : "**not as fast as promised**" } ?? ""
    return "| \(figure.name) | \(figure.measured) | \(bounds.spoken) | \(theirs) | "
      + "\(advantage.map { "\($0.short) ×" } ?? "") | \([figure.verdict, kept].spoken) |\n"
  }

  private var peerFigure: String {
    peerSeconds.map(\.spelledAsTime) ?? peerValue.map { "\($0.short) \(figure.unit)" } ?? "–"
  }
}

extension [String] {
  /// Those that say something, in a row.
  fileprivate var spoken: String { filter { !$0.isEmpty }.joined(separator: "; ") }

  /// Each once, in their order.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension [Comparison.Row] {
  /// These, or where there are none the one given.
  fileprivate func orSingle(_ row: Comparison.Row) -> Self { isEmpty ? [row] : self }
}
