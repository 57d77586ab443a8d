/// Requests that were announced to a pool, to be withdrawn where they will not come.
public struct PoolDeclaration: Sendable, Hashable {
  /// Their places in the sequence of everything that was announced.
  let places: Range<Int>
}
