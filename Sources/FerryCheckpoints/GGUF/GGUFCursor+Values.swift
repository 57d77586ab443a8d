extension GGUFCursor {
  /// How deep arrays of arrays may nest.
  private static let maximumDepth = 64
  /// The maximum size of an array of numbers that is kept in memory, in bytes; a tokenizer's take a few MB.
  private static let maximumArrayByteCount = 16 << 20

  /// Reads a metadata value of type number `type`. Valid values that none of Ferry's keys need (integers from 2^63 on,
  /// nested arrays, strings that are not UTF-8, very large arrays) are skipped.
  ///
  /// Source of the numbers: `enum gguf_type` of the GGUF specification.
  mutating func value(type: UInt32) throws(CheckpointError) -> GGUFMetadata.Value {
    switch type {
    case 0...5, 10, 11: try whole(type: type).map { .int($0) } ?? .unread
    case 6, 12: .float(try real(type: type))
    case 7: .bool(try truth())
    case 8: try optionalText("a text").map { .string($0) } ?? .unread
    case 9: try array(depth: 1)
    default: throw unknown(type)
    }
  }

  private func unknown(_ type: UInt32) -> CheckpointError {
    fault("the metadata type \(type) is unknown")
  }

  /// Reads an integer; nil if it is larger than 2^63 - 1.
  private mutating func whole(type: UInt32) throws(CheckpointError) -> Int? {
    switch type {
    case 0: Int(try integer(UInt8.self))
    case 1: Int(try integer(Int8.self))
    case 2: Int(try integer(UInt16.self))
    case 3: Int(try integer(Int16.self))
    case 4: Int(try integer(UInt32.self))
    case 5: Int(try integer(Int32.self))
    case 10: Int(exactly: try integer(UInt64.self))
    default: Int(try integer(Int64.self))
    }
  }

  private mutating func real(type: UInt32) throws(CheckpointError) -> Double {
    type == 6
      ? Double(Float(bitPattern: try integer())) : Double(bitPattern: try integer())
  }

  private mutating func truth() throws(CheckpointError) -> Bool {
    let byte: UInt8 = try integer()
    guard byte <= 1 else { throw fault("a metadata truth value is \(byte)") }
    return byte == 1
  }

  /// The least that one value of a type takes in the file.
  private static func byteCount(type: UInt32) -> Int? {
    switch type {
    case 0, 1, 7: 1
    case 2, 3: 2
    case 4, 5, 6: 4
    case 8, 10, 11, 12: 8
    case 9: 12
    default: nil
    }
  }

  private mutating func array(depth: Int) throws(CheckpointError) -> GGUFMetadata.Value {
    let type: UInt32 = try integer()
    guard let size = Self.byteCount(type: type) else { throw unknown(type) }
    let count = try count("an array with a count", limit: (fileRemaining - 8) / size)
    if type == 9 {
      guard depth < Self.maximumDepth else { throw fault("metadata arrays nest too deep") }
      for _ in 0..<count { _ = try array(depth: depth + 1) }
      return .unread
    }
    if depth > 1 || type != 8 && count * size > Self.maximumArrayByteCount {
      try skip(type, size: size, count: count)
      return .unread
    }
    switch type {
    case 6, 12:
      return try list(count) { (c) throws(CheckpointError) in try c.real(type: type) }
        .map { .floats($0) } ?? .unread
    case 7:
      return try list(count) { (c) throws(CheckpointError) in try c.truth() }
        .map { .bools($0) } ?? .unread
    case 8:
      return try list(count) { (c) throws(CheckpointError) in try c.optionalText("a text") }
        .map { .strings($0) } ?? .unread
    default:
      return try list(count) { (c) throws(CheckpointError) in try c.whole(type: type) }
        .map { .ints($0) } ?? .unread
    }
  }

  /// Skips the values of an array that is not kept; `count` has been checked against the remaining bytes.
  private mutating func skip(_ type: UInt32, size: Int, count: Int) throws(CheckpointError) {
    guard type == 8 else { return try skip(count * size) }
    for _ in 0..<count {
      try skip(try self.count("a text with a length", limit: fileRemaining - 8))
    }
  }

  /// Reads all values; nil if one of them cannot be represented. `count` has been checked against the remaining bytes.
  private mutating func list<Element>(
    _ count: Int, _ read: (inout GGUFCursor) throws(CheckpointError) -> Element?
  ) throws(CheckpointError) -> [Element]? {
    var elements: [Element] = []
    elements.reserveCapacity(count)
    var isWhole = true
    for _ in 0..<count {
      if let element = try read(&self) { elements.append(element) } else { isWhole = false }
    }
    return isWhole ? elements : nil
  }
}
