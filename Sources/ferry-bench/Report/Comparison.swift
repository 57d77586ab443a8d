import FoundationEssentials

/// Ferry's figures beside its peers' for the same work.
struct Comparison: Encodable {
  /// One figure, and how many times as fast as a peer's it is.
  struct Row: Encodable {
    let figure: Figure
    let peer: String?
    let peerSeconds: Double?
    let peerValue: Double?
    /// Above 1 Ferry is faster.
    let advantage: Double?
    /// Nil where nothing was promised.
    let isAsPromised: Bool?
  }

  let reports: [Report]
  let rows: [Row]
  /// What a peer could not measure, and why.
  let missing: [String]

  init(_ reports: [Report], _ peers: [PeerReport]) {
    self.reports = reports
    let entries = peers.flatMap(\.entries)
    let figures = Self.completed(reports.flatMap(\.figures), by: entries)
    let byName = Dictionary(grouping: entries, by: \.name)
    rows = figures.flatMap { figure in
      (byName[figure.name] ?? []).map { Row(figure, $0) }.orSingle(Row(figure))
    }
    missing = peers.flatMap(\.missing)
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
    let heads = reports.map { "\($0.title): \($0.device?.text ?? $0.machine.description)" }
    let lines =
      heads + Set(reports.flatMap(\.warnings)).sorted()
      + missing.map { "not measured by a peer: \($0)" }
    let rows = rows.map(\.text).joined()
    let missed = self.rows.filter { $0.figure.isMet == false || $0.isAsPromised == false }.count
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
}

extension Comparison.Row {
  /// A figure that no peer has.
  init(_ figure: Figure) {
    self.init(
      figure: figure, peer: nil, peerSeconds: nil, peerValue: nil, advantage: nil,
      isAsPromised: nil)
  }

  /// A figure beside a peer's: by time where both have one, else by value.
  init(_ figure: Figure, _ entry: PeerReport.Entry) {
    let advantage = Self.advantage(figure, entry)
    self.init(
      figure: figure, peer: entry.peer, peerSeconds: entry.seconds, peerValue: entry.value,
      advantage: advantage,
      isAsPromised: Self.promise(figure, entry).map { (advantage ?? 0) >= $0 })
  }

  private static func advantage(_ figure: Figure, _ entry: PeerReport.Entry) -> Double? {
    if let mine = figure.seconds, let theirs = entry.seconds { return theirs / mine }
    guard let mine = figure.value, let theirs = entry.value, mine > 0, theirs > 0 else {
      return nil
    }
    return figure.direction == .atLeast ? mine / theirs : theirs / mine
  }

  /// How many times as fast as bitsandbytes a quantized layer has to be: in no cell slower, and one and
  /// a half times as fast for a single row.
  private static func promise(_ figure: Figure, _ entry: PeerReport.Entry) -> Double? {
    guard entry.peer.hasPrefix("bitsandbytes"), figure.name.hasPrefix("linear ") else { return nil }
    return figure.name.hasSuffix(", M = 1") ? 1.5 : 1
  }

  fileprivate var text: String {
    let theirs = peer.map { "\($0): \(peerFigure)" } ?? ""
    let promise = isAsPromised.map { $0 ? "" : "; **not as fast as promised**" } ?? ""
    return "| \(figure.name) | \(figure.measured) | \(figure.bound) | \(theirs) | "
      + "\(advantage.map { "\($0.short) ×" } ?? "") | \(figure.verdict)\(promise) |\n"
  }

  private var peerFigure: String {
    peerSeconds.map(\.spelledAsTime) ?? peerValue.map { "\($0.short) \(figure.unit)" } ?? "–"
  }
}

extension [Comparison.Row] {
  /// These, or where there are none the one given.
  fileprivate func orSingle(_ row: Comparison.Row) -> Self { isEmpty ? [row] : self }
}
