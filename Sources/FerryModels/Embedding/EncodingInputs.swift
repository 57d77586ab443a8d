import FerryDevices
package import FerryOperations

/// The texts of one pass in device memory, one after the other without padding:
///
///     [ tokens ] [ positions ] [ types, all 0 ] [ spans of rows, 2 × rows ] [ pooled spans, 2 × texts ]
///
/// words of four bytes. A row sees the rows of its text, so that nothing has to be masked and a text's result
/// is its own whatever the others are.
package struct EncodingInputs: Sendable {
  /// The tokens, and for each its place in its text and its type.
  package let tokens, positions, types: TokenList
  /// For each row, the rows of its text.
  package let rowSpans: RowSpans
  /// For each text, the rows that its vector is the mean of.
  package let pooledSpans: RowSpans

  /// The bytes that inputs for so many rows and texts take.
  static func byteCount(rows: Int, texts: Int) -> Int { 4 * (5 * rows + 2 * texts) }

  /// Puts texts, none empty, into the next free bytes of `scratch`, which keeps the values until the
  /// stream has read them.
  init(
    _ texts: [[Int32]], pooling: SentenceConvention.Pooling, in scratch: ScratchArena
  ) throws(DeviceError) {
    let rows = texts.reduce(0) { $0 + $1.count }
    let view = scratch.take(byteCount: Self.byteCount(rows: rows, texts: texts.count))
    let words = Self.words(texts, pooling)
    try scratch.upload(words, to: view)
    tokens = .words(view[0, count: 4 * rows])
    positions = .words(view[4 * rows, count: 4 * rows])
    types = .words(view[8 * rows, count: 4 * rows])
    rowSpans = RowSpans(view[12 * rows, count: 8 * rows])
    pooledSpans = RowSpans(view[20 * rows, count: 8 * texts.count])
  }

  private static func words(
    _ texts: [[Int32]], _ pooling: SentenceConvention.Pooling
  ) -> [UInt32] {
    var spans: [Range<Int>] = []
    for text in texts {
      let first = spans.last?.upperBound ?? 0
      spans.append(first..<first + text.count)
    }
    let tokens = texts.joined().map(UInt32.init(bitPattern:))
    let positions = texts.flatMap { $0.indices.map { UInt32($0) } }
    let types = [UInt32](repeating: 0, count: tokens.count)
    let rows = spans.flatMap { Array(repeating: $0, count: $0.count) }
    let pooled = spans.map { pooling == .mean ? $0 : $0.lowerBound..<$0.lowerBound + 1 }
    return tokens + positions + types + RowSpans.words(rows) + RowSpans.words(pooled)
  }
}
