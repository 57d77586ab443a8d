/// An amount of memory, as budgets are given.
public enum MemoryAmount: Hashable, Sendable {
  /// So many bytes.
  case bytes(Int)
  /// A part of all there is, above 0 and at most 1.
  case share(Double)

  /// The syntax that ``init(_:)`` accepts, for messages.
  package static let form =
    "\(ByteCount.form), or a share of the device's memory such as 90%, above 0% and at most 100%"

  /// Parses a size, or a percentage; nil for anything else.
  public init?(_ text: String) {
    guard text.hasSuffix("%") else {
      guard let count = ByteCount(text) else { return nil }
      self = .bytes(count.bytes)
      return
    }
    let digits = text.dropLast().prefix { $0 != " " }
    guard text.dropLast(1).dropFirst(digits.count).allSatisfy({ $0 == " " }),
      let percent = Double(digits), percent > 0, percent <= 100
    else { return nil }
    self = .share(percent / 100)
  }

  /// In bytes, of `total` in all.
  public func bytes(of total: Int) -> Int {
    switch self {
    case .bytes(let bytes): bytes
    case .share(let share): Int(share * Double(total))
    }
  }
}
