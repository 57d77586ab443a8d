/// A binary heap of numbers that gives the lowest first.
struct LowestFirstHeap: Sendable {
  private(set) var values: [UInt64] = []

  /// The lowest number.
  var lowest: UInt64? { values.first }

  /// Empties it, keeping its memory.
  mutating func removeAll() { values.removeAll(keepingCapacity: true) }

  mutating func push(_ value: UInt64) {
    values.append(value)
    var child = values.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard values[parent] > value else { break }
      values[child] = values[parent]
      child = parent
    }
    values[child] = value
  }

  @discardableResult
  mutating func popLowest() -> UInt64? {
    guard let lowest = values.first, let value = values.popLast() else { return nil }
    if !values.isEmpty { sink(value) }
    return lowest
  }

  /// Puts a number where the lowest was.
  private mutating func sink(_ value: UInt64) {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < values.count else { break }
      if child + 1 < values.count, values[child + 1] < values[child] { child += 1 }
      guard values[child] < value else { break }
      values[parent] = values[child]
      parent = child
    }
    values[parent] = value
  }
}
