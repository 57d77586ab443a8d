/// Large products of quantized layers beside the same product in bf16 by the vendor's library.
struct LargeProducts {
  private let figures: [Figure]

  init(_ figures: [Figure]) { self.figures = figures }

  /// How many times as long a product of so many rows may take as the library's in bf16.
  private static let limits = [(1024, 1.25), (2048, 1.12), (4096, 1.07)]
  private static let bf16 = "linear bf16 "

  /// What the library's product is called in figures.
  static func vendorName(_ cell: LinearCell) -> String { "\(cell.name), by the vendor's library" }

  /// What a figure of this comparison is called.
  static func name(of cell: String) -> String { "\(cell), of bf16 by the vendor's library" }

  /// A figure for every quantized layer of that many rows.
  ///
  /// - Parameter peers: figures of others; the bf16 cells among them stand in where the library was not
  ///   measured.
  func figures(peers: [Figure] = []) -> [Figure] {
    figures.flatMap { figure in
      Self.limits.compactMap { rows, limit in
        guard figure.name.hasPrefix("linear "), !figure.name.hasPrefix(Self.bf16),
          figure.name.hasSuffix(", M = \(rows)")
        else { return nil }
        return comparison(of: figure, limit, peers)
      }
    }
  }

  private func comparison(of figure: Figure, _ limit: Double, _ peers: [Figure]) -> Figure {
    let name = Self.name(of: figure.name)
    let layer = figure.name.split(separator: " ").suffix(4).joined(separator: " ")
    let cell = Self.bf16 + layer
    let vendor =
      figures.first { $0.name == "\(cell), by the vendor's library" }
      ?? peers.first { $0.name == cell }
    guard let mine = figure.seconds, let theirs = vendor?.seconds else {
      return Figure(
        name, unmeasured: "no bf16 product by the vendor's library was timed", "×", .atMost, limit)
    }
    return Figure(name, mine / theirs, "×", .atMost, limit)
  }
}
