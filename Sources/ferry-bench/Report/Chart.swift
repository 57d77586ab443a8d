/// A picture of how many times as fast as its peers Ferry is: a bar for every promise, on a logarithmic scale.
///
/// A bar ends at the least advantage of its cells, a thin line at the greatest; a mark stands where the promise is.
struct Chart {
  private let lines: [Summary.Line]
  private let head: String
  private let scale: LogarithmicScale

  private static let (width, left, rowHeight, top) = (900.0, 400.0, 26.0, 64.0)

  init(_ comparison: Comparison) {
    lines = Summary(comparison).lines.filter { $0.least != nil && $0.range != nil }
    head = comparison.heads.first ?? ""
    let values = lines.flatMap { [$0.range?.lowerBound, $0.range?.upperBound, $0.least] }
      .compactMap { $0 }.filter { $0 > 0 }
    scale = LogarithmicScale(values, from: Self.left, to: Self.width - 60)
  }

  /// The picture as SVG, which follows a viewer's light or dark colours.
  var svg: String {
    let height = Self.top + Double(lines.count) * Self.rowHeight + 56
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width.pixels) \(height.pixels)" \
      role="img" aria-label="How many times as fast as its peers Ferry is">
      <style>\(Self.style)</style>
      <rect class="ground" width="100%" height="100%"/>
      <text class="title" x="16" y="24">How many times as fast as its peers Ferry is</text>
      <text class="note" x="16" y="44">\(head.escaped)</text>
      \(grid(to: height - 48))
      \(lines.indices.map(bar).joined(separator: "\n"))
      <text class="note" x="16" y="\((height - 10).pixels)">\
      Bars end at the worst cell of a promise, thin lines at the best; ◆ is what is promised.</text>
      </svg>

      """
  }

  private func grid(to bottom: Double) -> String {
    scale.ticks.map { tick in
      let x = scale.place(tick).pixels
      let kind = tick == 1 ? "one" : "tick"
      return """
        <line class="\(kind)" x1="\(x)" x2="\(x)" y1="\(Self.top.pixels)" y2="\(bottom.pixels)"/>
        <text class="note" text-anchor="middle" x="\(x)" y="\((bottom + 14).pixels)">\(tick.short)×</text>
        """
    }.joined(separator: "\n")
  }

  private func bar(_ index: Int) -> String {
    let line = lines[index]
    guard let range = line.range, let least = line.least else { return "" }
    let y = Self.top + (Double(index) + 0.5) * Self.rowHeight
    let (one, low) = (scale.place(1), scale.place(range.lowerBound))
    let (high, promised) = (scale.place(range.upperBound), scale.place(least))
    let kind = line.isMet ? "met" : "missed"
    return """
      <text class="label" text-anchor="end" x="\((Self.left - 12).pixels)" y="\((y + 4).pixels)">\
      \(line.title.escaped)</text>
      <rect class="\(kind)" x="\(min(one, low).pixels)" y="\((y - 8).pixels)" \
      width="\(max((one - low).magnitude, 1).pixels)" height="16"/>
      <line class="\(kind)" x1="\(low.pixels)" x2="\(high.pixels)" y1="\(y.pixels)" y2="\(y.pixels)"/>
      <text class="mark" text-anchor="middle" x="\(promised.pixels)" y="\((y + 4).pixels)">◆</text>
      <text class="note" x="\((max(one, high, promised) + 8).pixels)" y="\((y + 4).pixels)">\
      \(range.lowerBound.short)×</text>
      """
  }

  private static let style = """
    text{font-family:system-ui,sans-serif;font-size:12px;fill:#1f2328}.title{font-size:15px;font-weight:600}\
    .note{fill:#59636e;font-size:11px}.ground{fill:#fff}.tick{stroke:#d1d9e0}.one{stroke:#59636e;stroke-width:1.5}\
    rect.met{fill:#1a7f37}rect.missed{fill:#bc4c00}line.met{stroke:#1a7f37;stroke-width:2}\
    line.missed{stroke:#bc4c00;stroke-width:2}.mark{font-size:10px}\
    @media(prefers-color-scheme:dark){text{fill:#f0f6fc}.note{fill:#9198a1}.ground{fill:#0d1117}\
    .tick{stroke:#3d444d}.one{stroke:#9198a1}rect.met{fill:#3fb950}rect.missed{fill:#db6d28}\
    line.met{stroke:#3fb950}line.missed{stroke:#db6d28}}
    """
}

extension Double {
  /// A place in a picture, to a tenth of a pixel.
  fileprivate var pixels: String {
    let tenths = Int((self * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}

extension String {
  /// The text as XML writes it.
  fileprivate var escaped: String {
    reduce(into: "") { text, character in
      switch character {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "&": text += "&amp;"
      default: text.append(character)
      }
    }
  }
}
