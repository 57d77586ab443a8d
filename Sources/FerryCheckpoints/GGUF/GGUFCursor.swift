/// Reads a GGUF header value by value, through a window, so that a file of any size takes memory for
/// its header alone.
struct GGUFCursor {
  /// The maximum size of a header in bytes, not counting skipped arrays. Tokenizers with 250,000 entries take 20 MB.
  static let maximumByteCount = 256 << 20
  private static let windowSize = 1 << 20

  private let reader: FileReader
  private var window: [UInt8] = []
  private var windowStart = 0
  /// The offset of the next byte in the file.
  private(set) var position = 0
  private var skipped = 0

  init(_ reader: FileReader) { self.reader = reader }

  /// The number of bytes left in the file.
  var fileRemaining: Int { reader.file.byteCount - position }

  /// How many bytes a header may still take.
  var remaining: Int { min(fileRemaining, Self.maximumByteCount - (position - skipped)) }

  func fault(_ what: String, tensor: String? = nil) -> CheckpointError {
    CheckpointError(
      .malformed, file: reader.file.path, tensor: tensor,
      "\(what) at byte \(position); get the file again")
  }

  /// Makes sure that the next `count` bytes are in the window; the index of the first one in it.
  private mutating func ensure(_ count: Int) throws(CheckpointError) -> Int {
    guard count <= fileRemaining else { throw fault("the GGUF header ends too early") }
    guard count <= remaining else {
      throw fault("the GGUF header is longer than \(Self.maximumByteCount) bytes")
    }
    if position < windowStart || position + count > windowStart + window.count {
      window = try reader.bytes(at: position, count: min(max(count, Self.windowSize), remaining))
      windowStart = position
    }
    defer { position += count }
    return position - windowStart
  }

  /// Skips bytes without reading them.
  mutating func skip(_ count: Int) throws(CheckpointError) {
    guard count <= fileRemaining else { throw fault("the GGUF header ends too early") }
    position += count
    skipped += count
  }

  /// A little-endian integer.
  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self)
    throws(CheckpointError) -> Value
  {
    let start = try ensure(MemoryLayout<Value>.size)
    let value = window.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Value.self) }
    return Value(littleEndian: value)
  }

  /// A count or length: a u64 of at most `limit`.
  mutating func count(_ what: String, limit: Int) throws(CheckpointError) -> Int {
    let value: UInt64 = try integer()
    guard value <= UInt64(max(limit, 0)) else {
      throw fault("\(what) of \(value) exceeds what the file can hold")
    }
    return Int(value)
  }

  /// A text: u64 length, UTF-8.
  mutating func text(_ what: String) throws(CheckpointError) -> String {
    guard let text = try optionalText(what) else {
      throw fault("\(what) that ends is not valid UTF-8")
    }
    return text
  }

  /// Reads a string; nil if it is not valid UTF-8.
  mutating func optionalText(_ what: String) throws(CheckpointError) -> String? {
    let length = try count("\(what) with a length", limit: fileRemaining - 8)
    let start = try ensure(length)
    return window.withUnsafeBufferPointer { bytes in
      String(
        validating: UnsafeBufferPointer(rebasing: bytes[start..<start + length]), as: UTF8.self)
    }
  }
}
