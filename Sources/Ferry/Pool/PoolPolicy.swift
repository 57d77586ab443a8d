import FerryResidency

/// Who gives up device memory first.
public enum PoolPolicy: String, Sendable, CaseIterable {
  /// What is needed last by what was declared; what nothing is declared of goes first.
  case lookAhead = "look-ahead"
  /// What will be needed last as far as past requests tell; the default, which knows no future.
  case expectedReuse = "expected-reuse"
  /// What was used least recently.
  case lru

  var eviction: any EvictionPolicy {
    switch self {
    case .lookAhead: LookAhead()
    case .expectedReuse: ExpectedReuse()
    case .lru: LeastRecentlyUsed()
    }
  }
}
