import FerryDevices

extension WorkflowTimeline {
  /// The timeline as a picture: time to the right; for each model the bytes that are on the device, and below them
  /// what comes, what waits and what computes; at the bottom all models together, under the budget.
  ///
  /// The same timeline gives the same text. Colours follow the reader's light or dark scheme.
  public var svg: String { TimelinePicture(self).text }
}

/// A timeline as SVG.
struct TimelinePicture {
  private let timeline: WorkflowTimeline
  private let seconds: Double
  private let width = 960.0
  private let left = 150.0
  private let top = 64.0
  private let areaHeight = 56.0
  private let laneHeight = 9.0
  private let gap = 22.0

  init(_ timeline: WorkflowTimeline) {
    self.timeline = timeline
    seconds = max(timeline.seconds, 1e-6)
  }

  var text: String {
    let rows = timeline.models.indices.map { row($0) }.joined()
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(spelled(width)) \(spelled(height))" \
      font-family="system-ui, sans-serif" font-size="12" role="img">
      <title>Residency, transfers and compute</title>
      \(Self.style)
      <rect class="ground" width="\(spelled(width))" height="\(spelled(height))"/>
      \(legend)\(axis)\(rows)\(total)</svg>

      """
  }

  private static let style = """
    <style>
    .ground { fill: #ffffff } text { fill: #24292f } .dim { fill: #57606a } .line { stroke: #d0d7de }
    .resident { fill: #54aeff; fill-opacity: 0.55 } .arrival { fill: #bf8700 } .stream { fill: #8250df }
    .writeBack, .bringBack { fill: #1b7c83 }
    .wait { fill: #cf222e } .compute { fill: #1a7f37 } .overlap { fill: #1a7f37; fill-opacity: 0.45 }
    .budget { stroke: #cf222e; stroke-dasharray: 4 3 }
    @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } text { fill: #e6edf3 } .dim { fill: #8d96a0 } .line { stroke: #30363d }
    .resident { fill: #388bfd } .arrival { fill: #d29922 } .stream { fill: #a371f7 } .wait { fill: #f85149 }
    .writeBack, .bringBack { fill: #39c5cf }
    .compute, .overlap { fill: #3fb950 } .budget { stroke: #f85149 } }
    </style>
    """

  private var hasCaches: Bool {
    timeline.spans.contains { WorkflowTimeline.Span.Kind.caches.contains($0.kind) }
  }

  private var lanes: [[WorkflowTimeline.Span.Kind]] {
    WorkflowTimeline.Span.Kind.lanes + (hasCaches ? [WorkflowTimeline.Span.Kind.caches] : [])
  }

  // MARK: places

  private var rowHeight: Double { areaHeight + laneHeight * Double(lanes.count) + gap }
  private var height: Double { top + rowHeight * Double(timeline.models.count) + areaHeight + 16 }
  private func x(_ time: Double) -> Double { left + (width - left - 20) * time / seconds }
  private func y(_ row: Int) -> Double { top + rowHeight * Double(row) }

  /// With two digits after the point at most.
  private func spelled(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = (hundredths / 100, abs(hundredths % 100))
    return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  // MARK: parts

  private var legend: String {
    let names = [
      ("resident", "on the device"), ("arrival", "comes"), ("stream", "through a ring"),
      ("wait", "is waited for"), ("compute", "computes"), ("overlap", "computes as it comes"),
    ]
    var place = left
    return (names + (hasCaches ? [("writeBack", "caches")] : [])).map { name in
      defer { place += 36 + 6.4 * Double(name.1.count) }
      return """
        <rect class="\(name.0)" x="\(spelled(place))" y="14" width="12" height="12"/>\
        <text x="\(spelled(place + 18))" y="24">\(name.1)</text>

        """
    }.joined()
  }

  private var axis: String {
    let step = Self.step(for: seconds)
    return (0...Int(seconds / step)).map { number in
      let place = spelled(x(Double(number) * step))
      return """
        <line class="line" x1="\(place)" y1="\(spelled(top - 8))" x2="\(place)" y2="\(spelled(height - 8))"/>\
        <text class="dim" x="\(place)" y="\(spelled(top - 14))" text-anchor="middle">\
        \(spelledSeconds(number, step))</text>

        """
    }.joined()
  }

  /// The distance between two marks: 1, 2 or 5 times a power of ten, for at most ten of them.
  static func step(for seconds: Double) -> Double {
    var scale = 1.0
    while scale * 10 > seconds { scale /= 10 }
    while scale * 100 <= seconds { scale *= 10 }
    return [1, 2, 5].map { $0 * scale }.first { seconds / $0 <= 10 } ?? 10 * scale
  }

  private func spelledSeconds(_ number: Int, _ step: Double) -> String {
    step >= 1e-3
      ? "\(thousandths(Double(number) * step)) s" : "\(thousandths(Double(number) * step * 1e6)) µs"
  }

  private func thousandths(_ value: Double) -> String {
    let number = Int((value * 1000).rounded())
    var digits = String(number % 1000 + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return digits.isEmpty ? "\(number / 1000)" : "\(number / 1000).\(digits)"
  }

  private func row(_ number: Int) -> String {
    let model = timeline.models[number]
    let scale = Double(timeline.models.map(\.byteCount).max() ?? 1)
    let bars = lanes.enumerated().map { lane, kinds in
      kinds.map {
        self.bars($0, of: number, y: y(number) + areaHeight + laneHeight * Double(lane) + 2)
      }.joined()
    }.joined()
    return label(model.name, "\(ByteCount(bytes: model.byteCount))", row: number)
      + area(ResidencyCurve(timeline) { $0 == number }, scale: scale, row: number) + bars
  }

  private var total: String {
    let row = timeline.models.count
    let curve = ResidencyCurve(timeline) { _ in true }
    let scale = Double(max(timeline.budget, curve.peak, 1))
    let line = spelled(y(row) + areaHeight * (1 - Double(timeline.budget) / scale))
    return label("all models", "of \(ByteCount(bytes: timeline.budget))", row: row)
      + area(curve, scale: scale, row: row) + """
        <line class="budget" x1="\(spelled(left))" y1="\(line)" x2="\(spelled(x(seconds)))" y2="\(line)">\
        <title>budget</title></line>

        """
  }

  private func label(_ name: String, _ size: String, row: Int) -> String {
    let middle = y(row) + areaHeight / 2
    return """
      <text x="\(spelled(left - 12))" y="\(spelled(middle))" text-anchor="end">\(name.escapedForXML)</text>\
      <text class="dim" x="\(spelled(left - 12))" y="\(spelled(middle + 16))" text-anchor="end">\(size)</text>

      """
  }

  private func area(_ curve: ResidencyCurve, scale: Double, row: Int) -> String {
    let floor = spelled(y(row) + areaHeight)
    let points = curve.points.map { point in
      // The least model is seen beside the largest.
      let height = point.bytes > 0 ? max(1.5, areaHeight * Double(point.bytes) / scale) : 0
      return "\(spelled(x(point.time))),\(spelled(y(row) + areaHeight - height))"
    }
    let (first, last) = (spelled(left), spelled(x(seconds)))
    return """
      <polygon class="resident" points="\(first),\(floor) \(points.joined(separator: " ")) \(last),\(floor)"/>
      <line class="line" x1="\(first)" y1="\(floor)" x2="\(last)" y2="\(floor)"/>

      """
  }

  private func bars(
    _ kind: WorkflowTimeline.Span.Kind, of model: Int, y: Double
  ) -> String {
    timeline.spans(kind).filter { $0.model == model && $0.end > $0.start }.map { span in
      let bytes = span.bytes > 0 ? "\(ByteCount(bytes: span.bytes))" : nil
      let words = [span.stage, kind.direction, bytes ?? ""].filter { !$0.isEmpty }.joined(
        separator: ", ")
      return """
        <rect class="\(kind.rawValue)" x="\(spelled(x(span.start)))" y="\(spelled(y))" \
        width="\(spelled(max(0.5, x(span.end) - x(span.start))))" height="\(spelled(laneHeight - 2))">\
        <title>\(words.escapedForXML)</title></rect>

        """
    }.joined()
  }
}

extension WorkflowTimeline.Span.Kind {
  /// The kinds that have a lane, from above.
  fileprivate static let lanes: [[Self]] = [[.arrival, .stream], [.wait], [.overlap, .compute]]
  /// Those of caches, which have one below where there are some.
  fileprivate static let caches: [Self] = [.writeBack, .bringBack]

  /// Where bytes go, of kinds that look alike.
  fileprivate var direction: String {
    switch self {
    case .writeBack: "to the host"
    case .bringBack: "from the host"
    default: ""
    }
  }
}

/// The bytes that are on a device over time: what comes grows evenly, what goes is gone at the end of going.
struct ResidencyCurve {
  struct Point: Hashable {
    let time: Double
    let bytes: Int
  }

  private(set) var points: [Point] = []

  /// The curve of these models together, from 0 to the end.
  init(_ timeline: WorkflowTimeline, of isMeant: (Int) -> Bool) {
    let moving = timeline.spans.filter {
      isMeant($0.model) && [.arrival, .ring, .departure].contains($0.kind)
    }
    var bytes = 0
    add(0, bytes)
    for span in moving.sorted(by: { ($0.end, $0.start) < ($1.end, $1.start) }) {
      let goes = span.kind == .departure
      add(goes ? span.end : span.start, bytes)
      bytes += goes ? -span.bytes : span.bytes
      add(span.end, bytes)
    }
    add(timeline.seconds, bytes)
  }

  var peak: Int { points.map(\.bytes).max() ?? 0 }

  private mutating func add(_ time: Double, _ bytes: Int) {
    points.append(Point(time: max(time, points.last?.time ?? 0), bytes: bytes))
  }
}

extension String {
  fileprivate var escapedForXML: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case _ where scalar.value < 0x20: text += " "
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
