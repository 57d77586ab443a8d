/// Canonical decomposition and composition (UAX #15), as the reference has them (``CanonicalTable``).
enum CanonicalForms {
  /// Form D: everything decomposed, marks in order.
  static func decomposed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    forEachStretch(text, .decomposing, keepingBefore: 0) { stretch, changes in
      result += changes ? ordered(stretch) : Array(stretch)
    }
    return result
  }

  /// Form C: decomposed, then composed as far as it goes.
  static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    forEachStretch(text, .composing, keepingBefore: 1) { stretch, changes in
      result += changes ? joined(ordered(stretch)) : Array(stretch)
    }
    return result
  }

  /// Calls `body` with stretches of scalars that have the class, each with so many of those before it, and
  /// with what lies between them: nothing that is done to the first reaches beyond it.
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

  /// Decomposed, with each run of marks in the order of their classes.
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
    // Marks of one class keep their order.
    let keys = range.map {
      (CanonicalMappings.shared.combiningClass(scalars[$0]), $0, scalars[$0])
    }
    let sorted = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    for (index, key) in zip(range, sorted) { scalars[index] = key.2 }
  }

  /// Each scalar joined to the last starter, unless something between keeps it away.
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
