/// Canonical decomposition and composition (UAX #15), as defined by the reference (``CanonicalTable``).
enum CanonicalForms {
  /// Returns normalization form D: fully decomposed, with combining marks in canonical order.
  static func decomposed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    forEachStretch(text, .decomposing, keepingBefore: 0) { stretch, changes in
      result += changes ? ordered(stretch) : Array(stretch)
    }
    return result
  }

  /// Returns normalization form C: decomposed, then composed.
  static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    forEachStretch(text, .composing, keepingBefore: 1) { stretch, changes in
      result += changes ? joined(ordered(stretch)) : Array(stretch)
    }
    return result
  }

  /// Calls `body` with runs of scalars that have the class, each with the given number of preceding scalars, and with
  /// the text between them. Normalizing a run does not affect anything outside it.
  private static func forEachStretch(
    _ text: [Unicode.Scalar], _ kind: ScalarClass, keepingBefore: Int,
    _ body: (_ stretch: ArraySlice<Unicode.Scalar>, _ changes: Bool) -> Void
  ) {
    var done = 0
    var position = 0
    while position < text.count {
      guard ScalarClass(of: text[position]).contains(kind) else {
        position += 1
        continue
      }
      let start = max(done, position - keepingBefore)
      if done < start { body(text[done..<start], false) }
      while position < text.count, ScalarClass(of: text[position]).contains(kind) { position += 1 }
      body(text[start..<position], true)
      done = position
    }
    if done < text.count { body(text[done...], false) }
  }

  /// Returns the text decomposed, with each run of combining marks sorted by combining class.
  private static func ordered(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for scalar in text { CanonicalMappings.shared.append(decomposed: scalar, to: &result) }
    var start = 0
    while start < result.count {
      guard CanonicalMappings.shared.combiningClass(result[start]) > 0 else {
        start += 1
        continue
      }
      var end = start
      while end < result.count, CanonicalMappings.shared.combiningClass(result[end]) > 0 {
        end += 1
      }
      sort(&result, start..<end)
      start = end
    }
    return result
  }

  private static func sort(_ scalars: inout [Unicode.Scalar], _ range: Range<Int>) {
    guard range.count > 1 else { return }
    // Marks of the same class keep their order.
    let keys = range.map {
      (CanonicalMappings.shared.combiningClass(scalars[$0]), $0, scalars[$0])
    }
    let sorted = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    for (index, key) in zip(range, sorted) { scalars[index] = key.2 }
  }

  /// Returns the text with each scalar composed with the last starter, unless it is blocked by a scalar between them.
  private static func joined(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var starter: Int?
    var lastClass: UInt8 = 0
    for scalar in text {
      let ownClass = CanonicalMappings.shared.combiningClass(scalar)
      if let starter, starter == result.count - 1 || lastClass < ownClass,
        let composite = CanonicalMappings.shared.composite(result[starter], scalar)
      {
        result[starter] = composite
        continue
      }
      result.append(scalar)
      if ownClass == 0 { starter = result.count - 1 }
      lastClass = ownClass
    }
    return result
  }
}
