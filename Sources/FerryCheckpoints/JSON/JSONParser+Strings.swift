extension JSONParser {
  /// The string that starts at the position, its escapes resolved.
  mutating func string() throws(CheckpointError) -> String {
    position += 1
    let first = position
    skipPlainBytes()
    if byte == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(UnsafeBufferPointer(start: start + first, count: position - first))
    }
    return try escapedString(from: first)
  }

  /// Steps to the next quote, backslash or control character, or to the end.
  private mutating func skipPlainBytes() {
    var index = position
    while index < count {
      let byte = start[index]
      if byte < 0x20 || byte == 0x22 || byte == 0x5c { break }
      index += 1
    }
    position = index
  }

  private func text(_ bytes: some Sequence<UInt8>) throws(CheckpointError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fault("holds a string that is not valid UTF-8 and ends")
    }
    return text
  }

  private mutating func escapedString(from first: Int) throws(CheckpointError) -> String {
    var bytes = Array(UnsafeBufferPointer(start: start + first, count: position - first))
    while byte != UInt8(ascii: "\"") {
      guard let byte else { throw fault("ends inside a string") }
      guard byte == UInt8(ascii: "\\") else { throw fault("has a bare control character") }
      position += 1
      try appendEscape(to: &bytes)
      let run = position
      skipPlainBytes()
      bytes.append(contentsOf: UnsafeBufferPointer(start: start + run, count: position - run))
    }
    defer { position += 1 }
    return try text(bytes)
  }

  /// The escape after a backslash.
  private mutating func appendEscape(to bytes: inout [UInt8]) throws(CheckpointError) {
    guard let byte else { throw fault("ends inside a string") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0c)
    case UInt8(ascii: "n"): bytes.append(0x0a)
    case UInt8(ascii: "r"): bytes.append(0x0d)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      return bytes.append(contentsOf: String(try escapedScalar()).utf8)
    default: throw fault("has an unknown escape")
    }
    position += 1
  }

  /// One scalar: four hexadecimal digits, or a surrogate pair of two escapes.
  private mutating func escapedScalar() throws(CheckpointError) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xdc00, byte == UInt8(ascii: "\\") else { throw fault("has a lone surrogate") }
    position += 1
    guard byte == UInt8(ascii: "u") else { throw fault("has a lone surrogate") }
    position += 1
    let low = try codeUnit()
    guard low & 0xfc00 == 0xdc00,
      let scalar = Unicode.Scalar(0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff)))
    else { throw fault("has a lone surrogate") }
    return scalar
  }

  private mutating func codeUnit() throws(CheckpointError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Self.hexadecimalDigit(byte) else {
        throw fault("has an incomplete \\u escape")
      }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
  }
}
