/// A size in bytes as people write it: "5GB", "200MB", "1GiB", "4096".
public struct ByteCount: Hashable, Sendable {
  /// The bytes; at least 1.
  public let bytes: Int

  private static let units = [
    "": 1.0, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KIB": 1024, "MIB": 1_048_576,
    "GIB": 1_073_741_824,
  ]

  /// So many bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// Parses a size; nil for what is none.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).uppercased()
    guard let number = Double(digits), let scale = Self.units[unit] else { return nil }
    guard number * scale >= 1, number * scale < 9e18 else { return nil }
    bytes = Int(number * scale)
  }
}
