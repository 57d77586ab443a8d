extension JSONValue {
  /// How deep documents may nest unless told otherwise.
  package static let usualDepth = 64

  /// What becomes of a key that an object has twice.
  package enum RepeatedKeys: Sendable {
    /// The document is malformed.
    case refused
    /// All members stay, in file order, for a format that says which one counts.
    case kept
  }

  /// Reads a document by RFC 8259 alone: one value, valid UTF-8, no comments, no trailing commas,
  /// no lone surrogates, no key twice in one object (keys are compared as bytes) unless such keys are kept.
  ///
  /// Takes time and memory in proportion to the document. `file` is what errors name.
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
