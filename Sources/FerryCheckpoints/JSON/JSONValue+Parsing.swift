extension JSONValue {
  /// How deep documents may nest unless told otherwise.
  package static let usualDepth = 64

  /// Reads a document by RFC 8259 alone: one value, valid UTF-8, no comments, no trailing commas,
  /// no lone surrogates, no key twice in one object (keys are compared as bytes).
  ///
  /// Takes time and memory in proportion to the document. `file` is what errors name.
  package init(
    parsing bytes: UnsafeRawBufferPointer, file: String, maximumDepth: Int = usualDepth
  ) throws(CheckpointError) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      throw CheckpointError(.malformed, file: file, "the JSON document is empty")
    }
    var parser = JSONParser(
      start: start.assumingMemoryBound(to: UInt8.self), count: bytes.count, file: file,
      maximumDepth: maximumDepth)
    self = try parser.document()
  }

  /// Reads a document as ``init(parsing:file:maximumDepth:)`` does.
  package init(parsing bytes: [UInt8], file: String, maximumDepth: Int = usualDepth)
    throws(CheckpointError)
  {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try JSONValue(
        parsing: UnsafeRawBufferPointer(buffer), file: file, maximumDepth: maximumDepth)
    }
  }
}
