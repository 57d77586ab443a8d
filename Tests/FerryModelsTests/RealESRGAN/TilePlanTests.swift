import Testing

@testable import FerryModels

/// How images are cut, and resized.
@Suite struct TilePlanTests {
  @Test(arguments: [1, 2, 4], [(1, 1), (64, 48), (100, 33), (257, 31)])
  func ownPixelsMakeUpTheImageOnce(_ folding: Int, _ size: (width: Int, height: Int)) {
    let plan = TilePlan(
      width: size.width, height: size.height, side: 32, overlap: 12, folding: folding)
    var seen = [Int](repeating: 0, count: size.width * size.height)
    for tile in plan.tiles {
      #expect(tile.columns.count <= 32 && tile.rows.count <= 32)
      for y in tile.rows { for x in tile.columns { seen[y * size.width + x] += 1 } }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [1, 2, 4])
  func tilesAreGivenOverlapsOrTheBorder(_ folding: Int) {
    let border = folding == 4 ? 12 : 10
    for tile in TilePlan(width: 101, height: 40, side: 32, overlap: 16, folding: folding).tiles {
      #expect(tile.givenColumns.count % folding == 0 && tile.givenRows.count % folding == 0)
      #expect(tile.givenColumns.lowerBound == max(tile.columns.lowerBound - 16, -border))
      #expect(
        tile.givenColumns.upperBound >= min(tile.columns.upperBound + 16, 101 + border))
      #expect(tile.givenColumns.upperBound < 101 + border + folding)
      #expect(tile.givenRows.lowerBound == max(tile.rows.lowerBound - 16, -border))
    }
  }

  @Test func oneTileIsGivenTheWholeBorder() {
    let plan = TilePlan(width: 20, height: 30, side: 64, overlap: 18, folding: 1)
    #expect(plan.tiles.map(\.givenColumns) == [-10..<30])
    #expect(plan.tiles.map(\.givenRows) == [-10..<40])
  }

  @Test func aSideMayBeLargerThanAnyImage() {
    let plan = TilePlan(width: 20, height: 30, side: .max, overlap: 18, folding: 4)
    #expect(plan.tiles.count == 1 && plan.tiles[0].rows == 0..<30)
  }

  @Test func aSideIsChosenByWhatATileIsGiven() {
    #expect(TilePlan.side(pixels: 100 * 100, overlap: 10, least: 32) == 80)
    #expect(TilePlan.side(pixels: 100, overlap: 10, least: 32) == 32)
    #expect(TilePlan.side(pixels: -5, overlap: 10, least: 32) == 32)
  }

  @Test func coordinatesOutsideAreMirrored() {
    #expect((-3..<8).map { $0.reflected(in: 4) } == [3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1])
    #expect((-2..<3).map { $0.reflected(in: 1) } == [0, 0, 0, 0, 0])
  }

  /// Values of torch.nn.functional.interpolate(mode="bicubic") of 0 1 4 9 16 25 36 49.
  @Test func bicubicIsPyTorchs() {
    let squares = (0..<8).map { Float($0 * $0) }
    let value = { (index: Int) in squares[min(max(index, 0), 7)] }
    let halves = Bicubic(0..<4, numerator: 1, denominator: 2)
    let doubles = Bicubic(0..<16, numerator: 2, denominator: 1)
    let expected: (halves: [Float], doubles: [Float]) = (
      [0.21875, 6.125, 20.125, 43.53125],
      [
        -0.1054688, 0.1210938, 0.4570312, 1.6093750, 2.8281250, 5.2031250, 7.2343750, 10.7968750,
        13.6406250, 18.3906250, 22.0468750, 27.9843750, 32.4531250, 40.1054688, 46.4414062,
        50.3710938,
      ]
    )
    #expect((0..<4).allSatisfy { abs(halves.value($0, value) - expected.halves[$0]) < 1e-4 })
    #expect((0..<16).allSatisfy { abs(doubles.value($0, value) - expected.doubles[$0]) < 1e-4 })
  }
}
