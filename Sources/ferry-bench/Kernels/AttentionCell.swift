import FerryFormats
import FerryOperations

/// One attention: a cell of the table of attentions.
struct AttentionCell {
  /// Rows of queries: the last of the positions.
  let rows: Int
  /// Positions of the cache, all filled.
  let positions: Int
  let shape: AttentionShape
  /// The type of queries, keys, values and results.
  let elementType: ElementType

  /// One row of 32 heads, of 128 elements and over 8 key heads as in Llama 3 8B, or `rows` of them.
  init(
    rows: Int = 1, positions: Int, heads: Int = 32, keyValueHeads: Int = 8, headSize: Int = 128,
    elementType: ElementType = .bf16
  ) {
    (self.rows, self.positions, self.elementType) = (rows, positions, elementType)
    shape = AttentionShape(
      heads: heads, keyValueHeads: keyValueHeads, headSize: headSize,
      scale: 1 / Float(headSize).squareRoot())
  }

  /// What the cell is called in figures.
  var name: String {
    "attention of \(rows) over \(positions) positions, \(shape.heads)/\(shape.keyValueHeads) heads "
      + "of \(shape.headSize) \(elementType)"
  }

  /// Elements of a row of queries.
  var queryWidth: Int { shape.heads * shape.headSize }
  /// Elements of a row of keys, of values.
  var keyWidth: Int { shape.keyValueHeads * shape.headSize }
  /// Bytes of keys and values.
  var cacheByteCount: Int { 2 * elementType.byteCount * positions * keyWidth }
  /// Bytes that a run has to read and write at least: cache, queries, results.
  var byteCount: Int { cacheByteCount + 2 * elementType.byteCount * rows * queryWidth }

  /// Floating-point operations of a run, of what rows see alone: two products of two a pair of elements.
  var operationCount: Double {
    let (rows, first) = (Double(rows), Double(positions - rows))
    return 4 * Double(queryWidth) * (rows * first + rows * (rows + 1) / 2)
  }

  /// The figure of a run that took `seconds`: a part of the copy bandwidth, `copyRate` bytes a second, for
  /// one row, arithmetic for more.
  func figure(seconds: Double, copyRate: Double, start: DeviceTimer.Start) -> Figure {
    guard rows == 1 else {
      return Figure(
        name, operationCount / seconds / 1e12, "TFLOPS", .atLeast, seconds: seconds,
        note: start.rawValue)
    }
    let rate = Double(byteCount) / seconds
    return Figure(
      name, rate / copyRate, "of copy bandwidth", .atLeast, seconds: seconds,
      note: "\((rate / 1e9).short) GB/s, \(start.rawValue)")
  }
}
