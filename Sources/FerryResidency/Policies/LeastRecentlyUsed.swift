/// Evicts what was not asked for the longest: what others do. On a cycle that does not fit it evicts just
/// what is needed next.
package struct LeastRecentlyUsed: EvictionPolicy {
  package let name = "lru"

  /// The policy.
  package init() {}

  package func order(_ snapshot: ResidencySnapshot) -> [Int] {
    snapshot.candidates.map(\.model).sorted { left, right in
      let (first, second) = (
        snapshot.history.lastUse(of: left), snapshot.history.lastUse(of: right)
      )
      return (first, left) < (second, right)
    }
  }
}
