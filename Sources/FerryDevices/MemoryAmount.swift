/// An amount of memory, as budgets are given.
public enum MemoryAmount: Hashable, Sendable {
  /// So many bytes.
  case bytes(Int)
  /// A part of all there is, above 0 and at most 1.
  case share(Double)

  /// In bytes, of `total` in all.
  public func bytes(of total: Int) -> Int {
    switch self {
    case .bytes(let bytes): bytes
    case .share(let share): Int(share * Double(total))
    }
  }
}
