extension JSONValue {
  /// How deep documents may nest unless told otherwise.
  package static let usualDepth = 64

  /// The treatment of a key that occurs more than once in an object.
  package enum RepeatedKeys: Sendable {
    /// An error: the document is malformed.
    case refused
    /// All members are kept, in file order, for formats that define which one counts.
    case kept
  }

  /// Parses a document strictly by RFC 8259: one value, valid UTF-8, no comments, no trailing commas, no lone
  /// surrogates, and no key twice in one object (compared as bytes) unless repeated keys are kept.
  ///
  /// Takes time and memory proportional to the size of the document. `file` is the name used in errors.
  package init(
    parsing bytes: UnsafeRawBufferPointer, file: String, maximumDepth: Int = usualDepth,
    repeatedKeys: RepeatedKeys = .refused
  ) throws(CheckpointError) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      throw CheckpointError(.malformed, file: file, "the JSON document is empty")
    }
    var parser = JSONParser(
      start: start.assumingMemoryBound(to: UInt8.self), count: bytes.count, file: file,
      maximumDepth: maximumDepth, repeatedKeys: repeatedKeys)
    self = try parser.document()
  }

  /// Reads a document as ``init(parsing:file:maximumDepth:)`` does.
  package init(
    parsing bytes: [UInt8], file: String, maximumDepth: Int = usualDepth,
    repeatedKeys: RepeatedKeys = .refused
  ) throws(CheckpointError) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try JSONValue(
        parsing: UnsafeRawBufferPointer(buffer), file: file, maximumDepth: maximumDepth,
        repeatedKeys: repeatedKeys)
    }
  }
}
