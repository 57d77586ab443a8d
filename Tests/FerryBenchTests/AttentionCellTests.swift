import Testing

@testable import ferry_bench

/// What a cell of attention has to read, write and multiply.
@Suite struct AttentionCellTests {
  @Test func aStepReadsTheCache() {
    let cell = AttentionCell(positions: 4096)
    #expect(cell.cacheByteCount == 4096 * 8 * 128 * 2 * 2)
    #expect(cell.byteCount == cell.cacheByteCount + 2 * 32 * 128 * 2)
    let figure = cell.figure(seconds: 1, copyRate: Double(2 * cell.byteCount), start: .graph)
    #expect(figure.value == 0.5)
    #expect(figure.unit == "of copy bandwidth")
  }

  @Test func aPromptMultipliesWhatItsRowsSee() {
    let cell = AttentionCell(rows: 3, positions: 5, heads: 2, keyValueHeads: 1, headSize: 16)
    #expect(cell.operationCount == Double((3 + 4 + 5) * 2 * 16 * 2 * 2))
    #expect(cell.figure(seconds: 1, copyRate: 1, start: .launches).unit == "TFLOPS")
  }
}
