/// A code table in value order, with the thresholds of the one rule by which numbers become codes.
///
/// A number takes the nearest entry: between neighbours `a < b` of the sorted table the threshold is
/// `(a + b) / 2` in binary32, and only what is strictly greater takes `b`, so a tie goes to the
/// smaller value. A zero of either sign is one entry, the +0 one.
package struct CodeBook: Hashable, Sendable {
  /// How many sorted slots there are: 16 or 256. The last ones may be out of reach.
  package let slots: Int
  /// `slots - 1` ascending thresholds; +infinity where there is no further entry.
  package let midpoints: [Float]
  /// The code of each sorted slot; `slots` entries.
  package let codes: [UInt8]

  /// The book of a table whose entries are distinct, apart from zeros.
  init(table: [Float]) {
    let entries = table.indices
      .filter { !(table[$0] == 0 && table[$0].sign == .minus) }
      .sorted { table[$0] < table[$1] }
    let missing = table.count - entries.count
    slots = table.count
    midpoints =
      zip(entries, entries.dropFirst()).map { (table[$0] + table[$1]) / 2 }
      + [Float](repeating: .infinity, count: missing)
    codes = entries.map { UInt8($0) } + [UInt8](repeating: 0, count: missing)
  }

  /// The book of ``CodeTables/nf4``.
  package static let nf4 = CodeBook(table: CodeTables.nf4)
  /// The book of ``CodeTables/fp4``: nibble 8 is never emitted.
  package static let fp4 = CodeBook(table: CodeTables.fp4)
  /// The book of ``CodeTables/dynamic8``.
  package static let dynamic8 = CodeBook(table: CodeTables.dynamic8)

  /// Lends a look-up that needs no reference counting in a loop.
  package func withNearest<Result>(_ body: (NearestCode) -> Result) -> Result {
    midpoints.withUnsafeBufferPointer { midpoints in
      codes.withUnsafeBufferPointer { codes in
        guard let thresholds = midpoints.baseAddress, let first = codes.baseAddress else {
          preconditionFailure("a code book has entries")
        }
        return body(NearestCode(slots: slots, midpoints: thresholds, codes: first))
      }
    }
  }
}

/// The look-up in a ``CodeBook``, valid while the book lends it.
package struct NearestCode {
  fileprivate let slots: Int
  fileprivate let midpoints: UnsafePointer<Float>
  fileprivate let codes: UnsafePointer<UInt8>

  /// The code nearest to `value`: as many midpoints are below it as its slot says.
  ///
  /// A binary search without branches, which random numbers would mispredict.
  @inline(__always)
  package func callAsFunction(_ value: Float) -> UInt8 {
    var slot = 0
    if slots == 256 {
      slot += step(from: slot, 128, value)
      slot += step(from: slot, 64, value)
      slot += step(from: slot, 32, value)
      slot += step(from: slot, 16, value)
    }
    slot += step(from: slot, 8, value)
    slot += step(from: slot, 4, value)
    slot += step(from: slot, 2, value)
    slot += step(from: slot, 1, value)
    return codes[slot]
  }

  /// `size` if the midpoint before slot + size is below `value` (their difference has a sign; that
  /// of equal numbers is +0), else 0.
  @inline(__always)
  private func step(from slot: Int, _ size: Int, _ value: Float) -> Int {
    let difference = midpoints[slot + size - 1] - value
    return size & -Int(difference.bitPattern >> 31)
  }
}

extension FourBitFormat.Code {
  /// The table in value order, with its thresholds.
  package var book: CodeBook {
    switch self {
    case .nf4: .nf4
    case .fp4: .fp4
    }
  }
}
