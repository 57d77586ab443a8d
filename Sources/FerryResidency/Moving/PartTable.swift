import FerryTensors

/// Every distinct part of a layout that has bytes, in image order.
struct PartTable: Sendable {
  struct Row: Sendable {
    let imageOffset: Int
    let byteCount: Int
    let source: FileRange?

    var imageRange: Range<Int> { imageOffset..<(imageOffset + byteCount) }
  }

  let rows: [Row]
  /// The bytes of all parts.
  let byteCount: Int

  init(_ layout: WeightLayout) {
    rows = layout.segments.flatMap { segment in
      segment.parts.lazy.filter { $0.byteCount > 0 }.map {
        Row(imageOffset: $0.imageOffset, byteCount: $0.byteCount, source: $0.source)
      }
    }
    byteCount = rows.reduce(0) { $0 + $1.byteCount }
  }

  /// The parts that have bytes in `range`.
  func rows(in range: Range<Int>) -> ArraySlice<Row> {
    let first = firstIndex { $0.imageRange.upperBound > range.lowerBound }
    let end = firstIndex { $0.imageOffset >= range.upperBound }
    return rows[first..<max(first, end)]
  }

  /// The bytes of parts in `range`, padding not counted.
  func byteCount(in range: Range<Int>) -> Int {
    rows(in: range).reduce(0) { $0 + $1.imageRange.clamped(to: range).count }
  }

  /// The first row for which `predicate` holds; it holds for all that follow.
  private func firstIndex(where predicate: (Row) -> Bool) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(rows[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
