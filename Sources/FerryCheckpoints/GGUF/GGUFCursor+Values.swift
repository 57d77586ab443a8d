extension GGUFCursor {
  /// How deep arrays of arrays may nest.
  private static let maximumDepth = 4

  /// A metadata value of type number `type`.
  ///
  /// Source of the numbers: `enum gguf_type` of the GGUF specification.
  mutating func value(type: UInt32, depth: Int = 0) throws(CheckpointError) -> GGUFMetadata.Value {
    switch type {
    case 0...5, 10, 11: .int(try whole(type: type))
    case 6, 12: .float(try real(type: type))
    case 7: .bool(try truth())
    case 8: .string(try text("a text"))
    case 9: try array(depth: depth + 1)
    default: throw fault("the metadata type \(type) is unknown")
    }
  }

  private mutating func whole(type: UInt32) throws(CheckpointError) -> Int {
    switch type {
    case 0: return Int(try integer(UInt8.self))
    case 1: return Int(try integer(Int8.self))
    case 2: return Int(try integer(UInt16.self))
    case 3: return Int(try integer(Int16.self))
    case 4: return Int(try integer(UInt32.self))
    case 5: return Int(try integer(Int32.self))
    case 10:
      guard let value = Int(exactly: try integer(UInt64.self)) else {
        throw fault("a metadata number is larger than 2^63 - 1")
      }
      return value
    default: return Int(try integer(Int64.self))
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
    guard depth <= Self.maximumDepth else { throw fault("metadata arrays nest too deep") }
    let type: UInt32 = try integer()
    guard let size = Self.byteCount(type: type) else {
      throw fault("the metadata type \(type) is unknown")
    }
    let count = try count("an array with a count", limit: (remaining - 8) / size)
    switch type {
    case 6, 12:
      return .floats(try list(count) { (c) throws(CheckpointError) in try c.real(type: type) })
    case 7: return .bools(try list(count) { (c) throws(CheckpointError) in try c.truth() })
    case 8: return .strings(try list(count) { (c) throws(CheckpointError) in try c.text("a text") })
    case 9:
      return .arrays(
        try list(count) { (c) throws(CheckpointError) in try c.array(depth: depth + 1) })
    default:
      return .ints(try list(count) { (c) throws(CheckpointError) in try c.whole(type: type) })
    }
  }

  /// `count` has been checked against the bytes that are left.
  private mutating func list<Element>(
    _ count: Int, _ read: (inout GGUFCursor) throws(CheckpointError) -> Element
  ) throws(CheckpointError) -> [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try read(&self)) }
    return elements
  }
}
