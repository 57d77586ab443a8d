/// A set of Unicode scalars, as a regular expression spells it.
struct ScalarSet: Hashable, Sendable {
  /// Scalars that have any of these classes.
  var classes: ScalarClass = []
  /// Scalars that have none of the classes of one of these.
  var complements: [ScalarClass] = []
  var ranges: [ClosedRange<UInt32>] = []
  /// Whether it is all others.
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
