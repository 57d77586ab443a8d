import FerryFormats

/// Writes one safetensors file: the header first, then the bytes of the tensors in any order, each at its
/// place, so that nothing is held back in memory.
///
/// Tensors lie in the given order without holes; the data section starts at a multiple of 4096 bytes, by
/// spaces behind the header. The file appears when ``finish()`` has seen every byte.
package final class SafetensorsWriter {
  private let file: TemporaryFile
  private let tensors: [OutputTensor]
  /// The first byte of each tensor in the file, and one past the last.
  private let offsets: [Int]
  private var missing: [Int]

  /// Creates the file beside `destination` and writes its header.
  package convenience init(
    _ destination: Destination, tensors: [OutputTensor],
    metadata: [(key: String, value: String)] = []
  ) throws(CheckpointError) {
    try self.init(TemporaryFile(destination), tensors: tensors, metadata: metadata)
  }

  /// Creates the file beside `path`; an existing file is an error unless it is to be replaced.
  package convenience init(
    path: String, tensors: [OutputTensor], metadata: [(key: String, value: String)] = [],
    replacing: Bool
  ) throws(CheckpointError) {
    try self.init(
      Destination(path, .safetensors, replacing: replacing), tensors: tensors, metadata: metadata)
  }

  /// Writes the header into `file`.
  init(
    _ file: TemporaryFile, tensors: [OutputTensor], metadata: [(key: String, value: String)]
  ) throws(CheckpointError) {
    let header = Self.header(tensors, metadata: metadata)
    var offsets = [header.count]
    for tensor in tensors { offsets.append(offsets[offsets.count - 1] + tensor.byteCount) }
    self.file = file
    self.tensors = tensors
    self.offsets = offsets
    missing = tensors.map(\.byteCount)
    try file.reserve(byteCount: offsets[tensors.count])
    let result = header.withUnsafeBytes { bytes in
      Result { () throws(CheckpointError) in try file.write(bytes, at: 0) }
    }
    try result.get()
  }

  /// The whole file's size in bytes.
  package var byteCount: Int { offsets[tensors.count] }

  /// Writes bytes of tensor number `tensor` from `offset` within it on; each byte is written once.
  package func write(_ bytes: UnsafeRawBufferPointer, tensor: Int, at offset: Int = 0)
    throws(CheckpointError)
  {
    precondition(offset >= 0 && offset + bytes.count <= tensors[tensor].byteCount)
    precondition(bytes.count <= missing[tensor], "bytes of \(tensors[tensor].name) written twice")
    try file.write(bytes, at: offsets[tensor] + offset)
    missing[tensor] -= bytes.count
  }

  /// Gives the file its name. Traps if bytes are missing: the caller declared them.
  package func finish() throws(CheckpointError) {
    precondition(missing.allSatisfy { $0 == 0 }, "a file is finished with bytes missing")
    try file.finish()
  }

  /// Length, JSON, and spaces up to a multiple of 4096 bytes.
  private static func header(
    _ tensors: [OutputTensor], metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let pairs = metadata.map { JSONValue.Member($0.key, .string($0.value)) }
      members.append(JSONValue.Member("__metadata__", .object(pairs)))
    }
    var start = 0
    for tensor in tensors {
      members.append(JSONValue.Member(tensor.name, entry(tensor, start: start)))
      start += tensor.byteCount
    }
    let text = Array(JSONValue.object(members).serialized().utf8)
    let length = (8 + text.count).blocks(of: 4096) * 4096 - 8
    let prefix = withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) }
    return prefix + text + Array(repeating: UInt8(ascii: " "), count: length - text.count)
  }

  private static func entry(_ tensor: OutputTensor, start: Int) -> JSONValue {
    let end = start + tensor.byteCount
    return .object([
      .init("dtype", .string(tensor.typeName)),
      .init("shape", .array(tensor.shape.map { .number(String($0)) })),
      .init("data_offsets", .array([.number(String(start)), .number(String(end))])),
    ])
  }
}
