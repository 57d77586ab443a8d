/// The classes of every Unicode scalar, in deduplicated pages of 256.
///
/// `@unchecked Sendable`: the memory is written once, before the table is shared, and never freed.
struct ScalarTable: @unchecked Sendable {
  private let pages: UnsafePointer<UInt32>
  /// The start of the page for each value of a scalar's upper bits.
  private let starts: UnsafePointer<UInt32>

  /// Creates a table from classes and their scalars in the syntax of ``TableText``.
  init(_ classes: [(ScalarClass, StaticString)]) {
    var builder = PageBuilder(changes: Self.changes(classes))
    builder.build()
    pages = Self.kept(builder.pages)
    starts = Self.kept(builder.starts)
  }

  @inline(__always)
  subscript(scalar: Unicode.Scalar) -> UInt32 {
    pages[Int(starts[Int(scalar.value >> 8)] | scalar.value & 0xff)]
  }

  /// Returns the positions where classes begin and end, in order: the scalar in the upper half, the class in the lower.
  private static func changes(_ classes: [(ScalarClass, StaticString)]) -> [UInt64] {
    var changes: [UInt64] = []
    for (kind, text) in classes {
      TableText.forEachItem(text) { item in
        let range = item.range()
        changes.append(UInt64(range.lowerBound) << 32 | UInt64(kind.rawValue))
        changes.append(UInt64(range.upperBound + 1) << 32 | UInt64(kind.rawValue))
      }
    }
    return changes.sorted()
  }

  private static func kept(_ values: [UInt32]) -> UnsafePointer<UInt32> {
    let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: values.count)
    memory.initialize(from: values, count: values.count)
    return UnsafePointer(memory)
  }
}

/// Builds pages from the positions where classes change.
private struct PageBuilder {
  let changes: [UInt64]
  private(set) var pages: [UInt32] = []
  private(set) var starts: [UInt32] = []
  private var next = 0
  private var current: UInt32 = 0
  /// The pages whose scalars all have the same classes.
  private var uniform: [UInt32: UInt32] = [:]

  init(changes: [UInt64]) { self.changes = changes }

  mutating func build() {
    for first in stride(from: UInt64(0), to: 0x110000, by: 256) {
      advance(to: first)
      if next == changes.count || changes[next] >> 32 >= first + 256 {
        appendUniform()
      } else {
        starts.append(UInt32(pages.count))
        for scalar in first..<first + 256 {
          advance(to: scalar)
          pages.append(current)
        }
      }
    }
  }

  private mutating func advance(to scalar: UInt64) {
    while next < changes.count, changes[next] >> 32 <= scalar {
      current ^= UInt32(truncatingIfNeeded: changes[next])
      next += 1
    }
  }

  private mutating func appendUniform() {
    if let known = uniform[current] { return starts.append(known) }
    uniform[current] = UInt32(pages.count)
    starts.append(UInt32(pages.count))
    pages.append(contentsOf: repeatElement(current, count: 256))
  }
}
