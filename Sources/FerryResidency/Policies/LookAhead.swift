/// Evicts what is needed last by the declared future, which moves the fewest bytes possible.
///
/// Source: L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
/// Journal 5 (1966). All pages of a model are needed at one time, so the models are ordered, not pages.
/// Models of which nothing is declared go first, by ``ExpectedReuse``.
package struct LookAhead: EvictionPolicy {
  package let name = "look-ahead"

  /// The policy.
  package init() {}

  package func order(_ snapshot: ResidencySnapshot) -> [Int] {
    let unknown = ExpectedReuse().order(snapshot)
    let distances = unknown.map { snapshot.declared.distance(to: $0) ?? .max }
    return unknown.indices.sorted { left, right in
      (distances[right], left) < (distances[left], right)
    }.map { unknown[$0] }
  }
}
