import Testing

@testable import ferry_bench

/// Large products of quantized layers are held against the vendor's library.
@Suite struct LargeProductsTests {
  private func layer(_ kind: LinearKind, rows: Int) -> LinearCell {
    LinearCell(kind: kind, outputs: 11008, inputs: 4096, rows: rows)
  }

  private func figure(_ cell: LinearCell, seconds: Double) -> Figure {
    Figure(cell.name, 1, "TFLOPS", .atLeast, seconds: seconds)
  }

  private func vendor(rows: Int, seconds: Double) -> Figure {
    Figure(
      LargeProducts.vendorName(layer(.bf16, rows: rows)), 1, "TFLOPS", .atLeast, seconds: seconds)
  }

  @Test(arguments: [(1024, 1.25), (2048, 1.12), (4096, 1.07)])
  func theLimitFollowsTheRows(_ rows: Int, _ limit: Double) {
    for (seconds, isMet) in [(limit - 0.01, true), (limit + 0.01, false)] {
      let figures = [
        figure(layer(.fp4, rows: rows), seconds: seconds), vendor(rows: rows, seconds: 1),
      ]
      let products = LargeProducts(figures).figures()
      #expect(products.map(\.limit) == [limit])
      #expect(products.map(\.isMet) == [isMet])
    }
  }

  @Test func fewRowsAndPlainLayersAreNotHeldAgainstIt() {
    let figures = [
      figure(layer(.nf4, rows: 1), seconds: 1), figure(layer(.nf4, rows: 256), seconds: 1),
      figure(layer(.bf16, rows: 4096), seconds: 1), vendor(rows: 4096, seconds: 1),
    ]
    #expect(LargeProducts(figures).figures().isEmpty)
  }

  @Test func theBandwidthLimitFollowsTheLayer() throws {
    let sizes = [(4096, 4096, 0.45), (11008, 4096, 0.7), (8192, 28672, 0.85)]
    for (outputs, inputs, limit) in sizes {
      for kind in LinearKind.allCases {
        let cell = LinearCell(kind: kind, outputs: outputs, inputs: inputs, rows: 8)
        let roof = Double(cell.byteCount) / 4e12
        let figure = cell.figure(seconds: 2 * roof, copyRate: 4e12, start: .graph)
        #expect(figure.limit == (kind.isPlain ? nil : limit))
        #expect(try #require(figure.value).isNearly(0.5))
      }
    }
  }
}

extension Double {
  fileprivate func isNearly(_ other: Double) -> Bool { (self - other).magnitude < 1e-9 }
}
