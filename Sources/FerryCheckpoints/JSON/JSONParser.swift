/// A strict JSON reader over bytes that outlive it.
///
/// It works on a bare pointer because tokenizers come as documents of tens of megabytes, which also
/// debug builds have to read in seconds.
struct JSONParser {
  let start: UnsafePointer<UInt8>
  let count: Int
  let file: String
  let maximumDepth: Int
  let repeatedKeys: JSONValue.RepeatedKeys
  var position = 0

  init(
    start: UnsafePointer<UInt8>, count: Int, file: String, maximumDepth: Int,
    repeatedKeys: JSONValue.RepeatedKeys = .refused
  ) {
    self.start = start
    self.count = count
    self.file = file
    self.maximumDepth = maximumDepth
    self.repeatedKeys = repeatedKeys
  }

  /// The whole input as one value.
  mutating func document() throws(CheckpointError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == count else { throw fault("has data after its end") }
    return value
  }

  /// The byte at the position; nil at the end.
  var byte: UInt8? { position < count ? start[position] : nil }

  func fault(_ what: String) -> CheckpointError {
    CheckpointError(
      .malformed, file: file, "the JSON document \(what) at byte \(position); get the file again")
  }

  private mutating func skipSpace() {
    while position < count {
      switch start[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(CheckpointError) -> JSONValue {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case nil: throw fault("ends too early")
    default: return .number(try number())
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue)
    throws(CheckpointError) -> JSONValue
  {
    for index in 0..<text.utf8CodeUnitCount {
      guard byte == text.utf8Start[index] else { throw fault("has an unknown word") }
      position += 1
    }
    return value
  }

  /// Steps over the bracket that opens a container; whether the container has anything in it.
  private mutating func open(depth: Int, closing: UInt8) throws(CheckpointError) -> Bool {
    guard depth <= maximumDepth else { throw fault("nests deeper than \(maximumDepth)") }
    position += 1
    skipSpace()
    guard byte == closing else { return true }
    position += 1
    return false
  }

  /// Steps over a comma, or the bracket that closes a container; whether another item follows.
  private mutating func next(closing: UInt8) throws(CheckpointError) -> Bool {
    skipSpace()
    guard let byte else { throw fault("ends too early") }
    guard byte == UInt8(ascii: ",") || byte == closing else { throw fault("lacks a comma") }
    position += 1
    return byte != closing
  }

  private mutating func elements(depth: Int) throws(CheckpointError) -> [JSONValue] {
    let closing = UInt8(ascii: "]")
    guard try open(depth: depth, closing: closing) else { return [] }
    var elements: [JSONValue] = []
    repeat {
      elements.append(try value(depth: depth))
      // Arrays double their capacity when they grow: for a hostile document of numbers, that would briefly take 24
      // times its size.
      if elements.count == elements.capacity, elements.count > 1 << 16 {
        elements.reserveCapacity(elements.count + elements.count / 4)
      }
    } while try next(closing: closing)
    return elements
  }

  private mutating func members(depth: Int) throws(CheckpointError) -> [JSONValue.Member] {
    let closing = UInt8(ascii: "}")
    guard try open(depth: depth, closing: closing) else { return [] }
    var members: [JSONValue.Member] = []
    repeat {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw fault("lacks a key") }
      let key = try string()
      skipSpace()
      guard byte == UInt8(ascii: ":") else { throw fault("lacks a colon") }
      position += 1
      members.append(JSONValue.Member(key, try value(depth: depth)))
    } while try next(closing: closing)
    if repeatedKeys == .refused { try checkDistinct(members) }
    return members
  }

  private func checkDistinct(_ members: [JSONValue.Member]) throws(CheckpointError) {
    guard members.count > 1 else { return }
    var keys = Set<ExactString>(minimumCapacity: members.count)
    for member in members where !keys.insert(ExactString(member.key)).inserted {
      throw fault("has the key '\(member.key)' twice in the object that ends")
    }
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, as spelled.
  private mutating func number() throws(CheckpointError) -> String {
    let first = position
    if byte == UInt8(ascii: "-") { position += 1 }
    if byte == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if byte == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(
      decoding: UnsafeBufferPointer(start: start + first, count: position - first), as: UTF8.self)
  }

  private mutating func digits() throws(CheckpointError) {
    let first = position
    while position < count, start[position] &- 0x30 < 10 { position += 1 }
    guard position > first else { throw fault("has no valid value") }
  }
}
