import FerryModels
import Testing

@Suite struct HeadRowOrderTests {
  @Test("two heads of four rows: pairs are neighbours in the file, half a head apart in the model")
  func order() {
    let order = HeadRowOrder(headCount: 2)
    #expect((0..<8).map { order.storedRow($0, of: 8) } == [0, 2, 1, 3, 4, 6, 5, 7])
  }

  @Test(arguments: [(1, 2), (3, 12), (4, 64), (2, 40)])
  func everyRowIsThereOnce(_ heads: Int, _ rows: Int) {
    let order = HeadRowOrder(headCount: heads)
    #expect((0..<rows).map { order.storedRow($0, of: rows) }.sorted() == Array(0..<rows))
  }

  @Test func rowsMoveWhole() {
    let order = HeadRowOrder(headCount: 1)
    let stored: [UInt8] = [10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42]
    var rows = [UInt8](repeating: 0, count: 12)
    stored.withUnsafeBytes { source in
      rows.withUnsafeMutableBytes { order.restore(source, to: $0, rowCount: 4) }
    }
    #expect(rows == [10, 11, 12, 30, 31, 32, 20, 21, 22, 40, 41, 42])
  }
}
