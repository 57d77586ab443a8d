/// A size in bytes, in human-readable notation: "5GB", "200 MB", "1GiB", "4096".
public struct ByteCount: Hashable, Sendable {
  /// The number of bytes.
  public let bytes: Int

  private static let units = [
    "": 1, "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
  ]

  /// The syntax that ``init(_:)`` accepts, for messages.
  package static let form = "a size such as 20GB, 512MiB or 4096"

  /// Creates a size from a number of bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// Parses a size of at least one byte; nil for anything else. A space may precede the unit.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
    guard let scale = Self.units[unit] else { return nil }
    if let count = Int(digits) {
      let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: scale)
      guard bytes >= 1, !isTooLarge else { return nil }
      self.bytes = bytes
    } else {
      guard let number = Double(digits) else { return nil }
      let bytes = number * Double(scale)
      guard bytes >= 1, bytes < 9e18 else { return nil }
      self.bytes = Int(bytes)
    }
  }
}

extension ByteCount: CustomStringConvertible {
  /// The size in decimal units, rounded: "98.4 MB", "5 GB".
  public var description: String { spelled(addingDigits: 0, keepingZeros: false) }

  /// The size formatted for table columns, with trailing zeros: "98.4 MB", "5.00 GB".
  package var inColumns: String { spelled(addingDigits: 0, keepingZeros: true) }

  /// Formats sizes that are compared with each other, with enough digits for different sizes to look different.
  package static func spelled(_ counts: Int...) -> [String] {
    let sizes = counts.map { ByteCount(bytes: $0) }
    let different = Set(counts).count
    for digits in 0..<12 {
      let texts = sizes.map { $0.spelled(addingDigits: digits, keepingZeros: false) }
      if Set(texts).count == different { return texts }
    }
    return counts.map { "\($0) B" }
  }

  private static let symbols = ["B", "kB", "MB", "GB", "TB"]

  /// Formats the size in the largest unit that it reaches, with two decimals below ten and one above, plus `more`.
  private func spelled(addingDigits more: Int, keepingZeros: Bool) -> String {
    var (unit, size) = (0, 1)
    while bytes / size >= 1000, unit < Self.symbols.count - 1 {
      (unit, size) = (unit + 1, size * 1000)
    }
    guard unit > 0 else { return "\(bytes) B" }
    let digits = min(3 * unit, (bytes / size < 10 ? 2 : 1) + more)
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let (whole, half) = (bytes / (size / scale), bytes % (size / scale) * 2 >= size / scale)
    let rounded = whole + (half ? 1 : 0)
    guard rounded / scale < 1000 || unit == Self.symbols.count - 1 else {
      return ByteCount(bytes: size * 1000).spelled(addingDigits: more, keepingZeros: keepingZeros)
    }
    var fraction = String(rounded % scale)
    fraction = String(repeating: "0", count: digits - fraction.count) + fraction
    while !keepingZeros, fraction.last == "0" { fraction.removeLast() }
    return "\(rounded / scale)\(fraction.isEmpty ? "" : ".")\(fraction) \(Self.symbols[unit])"
  }
}
