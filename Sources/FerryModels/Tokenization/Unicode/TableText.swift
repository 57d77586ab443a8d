/// The text of a generated table: items separated by spaces, consisting of hexadecimal numbers and separators.
struct TableText {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// Calls `body` with each item.
  static func forEachItem(_ text: StaticString, _ body: (inout TableText) -> Void) {
    text.withUTF8Buffer { bytes in
      for item in bytes.split(separator: 0x20) {
        var text = TableText(bytes: UnsafeBufferPointer(rebasing: item))
        body(&text)
      }
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// Reads the next byte, which is not a digit.
  mutating func sign() -> Unicode.Scalar {
    defer { position += 1 }
    return Unicode.Scalar(bytes[position])
  }

  /// Skips this separator if it comes next; returns true if it did.
  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    guard !isAtEnd, Unicode.Scalar(bytes[position]) == sign else { return false }
    position += 1
    return true
  }

  /// Reads a hexadecimal number.
  mutating func scalar() -> UInt32 { number(radix: 16) }

  /// Reads a decimal number.
  mutating func decimal() -> Int {
    let isNegative = skip("-")
    let magnitude = Int(number(radix: 10))
    return isNegative ? -magnitude : magnitude
  }

  /// Reads `first-last`, or a single number.
  mutating func range() -> ClosedRange<UInt32> {
    let first = scalar()
    return first...(skip("-") ? scalar() : first)
  }

  /// Reads numbers separated by commas.
  mutating func scalars() -> [UInt32] {
    var result = [scalar()]
    while skip(",") { result.append(scalar()) }
    return result
  }

  private mutating func number(radix: UInt32) -> UInt32 {
    var result: UInt32 = 0
    while !isAtEnd, let digit = Self.digit(bytes[position]) {
      result = result * radix + digit
      position += 1
    }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte) - 0x30
    case 0x61...0x66: UInt32(byte) - 0x61 + 10
    default: nil
    }
  }
}
