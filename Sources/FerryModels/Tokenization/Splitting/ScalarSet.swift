/// A set of Unicode scalars, as a regular expression spells it.
struct ScalarSet: Hashable, Sendable {
  /// Scalars that have any of these classes.
  var classes: ScalarClass = []
  /// Sets of classes; a scalar belongs to the set if it has none of the classes of one of them.
  var complements: [ScalarClass] = []
  var ranges: [ClosedRange<UInt32>] = []
  /// A Boolean value that indicates whether the set is inverted.
  var isInverted = false

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let kind = ScalarClass(of: scalar)
    let isMember =
      kind.isAny(of: classes) || ranges.contains { $0.contains(scalar.value) }
      || complements.contains { !kind.isAny(of: $0) }
    return isMember != isInverted
  }

  mutating func formUnion(_ other: ScalarSet) {
    classes.formUnion(other.classes)
    complements += other.complements
    ranges += other.ranges
  }
}

extension ScalarClass: Hashable {}
