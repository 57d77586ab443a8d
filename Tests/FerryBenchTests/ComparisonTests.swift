import Testing

@testable import ferry_bench

/// What Ferry promises beside its peers.
@Suite struct ComparisonTests {
  private func comparison(_ figures: [Figure], _ entries: [PeerReport.Entry]) -> Comparison {
    Comparison(
      [Report(title: "Kernels", device: nil, figures: figures)],
      [PeerReport(device: nil, entries: entries, missing: [])])
  }

  private func cell(_ kind: LinearKind, rows: Int, seconds: Double) -> Figure {
    let cell = LinearCell(kind: kind, outputs: 4096, inputs: 4096, rows: rows)
    return Figure(cell.name, 1, "", .atLeast, seconds: seconds)
  }

  private func entry(_ figure: Figure, by peer: String, seconds: Double) -> PeerReport.Entry {
    PeerReport.Entry(
      name: figure.name, peer: peer, seconds: seconds, value: nil, unit: "", note: nil)
  }

  @Test(arguments: [(1, 15.0, true), (1, 14, false), (16, 10, true), (16, 9.5, false)])
  func aSingleRowIsHalfAgainAsFastAndNoCellSlower(
    _ rows: Int, _ theirs: Double, _ isAsPromised: Bool
  ) {
    let figure = cell(.nf4, rows: rows, seconds: 10)
    let row = comparison([figure], [entry(figure, by: "bitsandbytes 0.50.2", seconds: theirs)])
      .rows[0]
    #expect(row.advantage == theirs / 10)
    #expect(row.isAsPromised == isAsPromised)
  }

  @Test func nothingIsPromisedOfOtherPeers() {
    let figure = cell(.bf16, rows: 1, seconds: 10)
    let row = comparison([figure], [entry(figure, by: "torch 2.9", seconds: 1)]).rows[0]
    #expect(row.advantage == 0.1)
    #expect(row.isAsPromised == nil)
  }

  @Test func ratesAreComparedWhereThereAreNoTimes() {
    let figure = Figure("decode", 120, "tokens/s", .atLeast)
    let peer = PeerReport.Entry(
      name: "decode", peer: "torch", seconds: nil, value: 40, unit: "tokens/s", note: nil)
    #expect(comparison([figure], [peer]).rows[0].advantage == 3)
  }

  @Test func aPeersBFloat16StandsInForTheLibrary() throws {
    let quantized = cell(.nestedNF4, rows: 2048, seconds: 11)
    let bf16 = cell(.bf16, rows: 2048, seconds: 30)
    let own = LargeProducts([quantized, bf16]).figures()
    #expect(own.map(\.isMet) == [false])
    let row = try #require(
      comparison([quantized, bf16] + own, [entry(bf16, by: "torch 2.9", seconds: 10)]).rows.last)
    #expect(row.figure.value == 1.1)
    #expect(row.figure.isMet == true)
  }
}
