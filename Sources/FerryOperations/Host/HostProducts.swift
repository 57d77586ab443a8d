import CHostKernels
import FerryFormats
import FerryTensors

/// Linear layers of the same activations, whose outputs the threads share out in one task as if they were
/// those of one.
struct HostProducts {
  private let products: [HostProduct]
  private let pool: ThreadPool
  /// Rows of activations, elements of one.
  private let rows: Int, columns: Int

  /// The layers; nil if there are none.
  init?(_ products: [HostProduct]) {
    guard let first = products.first else { return nil }
    self.products = products
    pool = first.operations.pool
    (rows, columns) = (first.rows, first.columns)
  }

  /// Straight from the weights' bytes, eight rows of activations at a time.
  func few() {
    let arranged = arrangedInputs()
    let floats = products.reduce(0) { max($0, $1.fewScratch) }
    share(scratch: floats, rows: rows, unit: Self.fewUnit) { index, outputs, scratch in
      products[index].few(outputs, of: arranged[index], in: scratch)
    }
  }

  /// LLM.int8(), as ``LLMInt8Product`` defines it: the codes and their sums are the same integers.
  func int8(threshold: Float) {
    let coded = CodedActivations(products[0], threshold: threshold)
    share(
      scratch: coded.outlierScratch, rows: min(rows, HostProduct.codedRowBlock),
      unit: Self.codedUnit,
      isSplit: rows > Self.rowsAtOnce
    ) { index, outputs, scratch in
      products[index].int8(outputs, of: coded, in: scratch)
    }
  }

  /// Rows of weights that are claimed together: whole tiles, whatever the number of rows of activations.
  private static let fewUnit = 24
  /// Rows of a weight that stay in the second-level cache while more rows pass than ``rowsAtOnce``.
  private static let codedUnit = 32
  /// Rows that are done while a weight passes from memory once.
  private static let rowsAtOnce = 4
  /// Elements of weights that are worth a piece of their own.
  private static let grain = 32768
  /// The longer a piece, the further ahead memory is read; with two, a thread that is late leaves one to another.
  private static let piecesPerThread = 2

  /// The input in the order in which each layer's kernel reads it: made once for layers that agree.
  private func arrangedInputs() -> [ArrangedInput] {
    var inputs: [ArrangedInput] = []
    inputs.reserveCapacity(products.count)
    for product in products {
      if let last = inputs.last, last.suits(product) {
        inputs.append(last)
      } else {
        inputs.append(product.arrangedInput())
      }
    }
    return inputs
  }

  /// Calls `body` for parts of every layer's outputs that begin at multiples of `unit`, with room for `scratch` floats
  /// and behind them the sums of so many rows. With `isSplit` no part is larger than a unit.
  private func share(
    scratch: Int, rows: Int, unit: Int, isSplit: Bool = false,
    _ body: (Int, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let units = products.reduce(0) { $0 + $1.outputs.blocks(of: unit) }
    let most = pool.threadCount * Self.piecesPerThread
    let fair = units / max(1, Self.grain / max(unit * columns, 1))
    let pieces = isSplit ? units : max(1, min(most, fair))
    let room = scratch + rows * units.blocks(of: pieces) * unit
    pool.run(pieces: pieces, local: { Scratch<Float>(count: room) }) { piece, memory in
      let range = units * piece / pieces..<units * (piece + 1) / pieces
      forEachPart(of: range, unit) { body($0, $1, memory.start) }
    }
  }

  /// The outputs of each layer that are among the units `range` of all.
  private func forEachPart(of range: Range<Int>, _ unit: Int, _ body: (Int, Range<Int>) -> Void) {
    var first = 0
    for index in products.indices {
      let outputs = products[index].outputs
      let units = outputs.blocks(of: unit)
      let part = range.clamped(to: first..<first + units)
      if !part.isEmpty {
        let (start, end) = (part.lowerBound - first, part.upperBound - first)
        body(index, start * unit..<min(end * unit, outputs))
      }
      first += units
    }
  }
}
