extension Checkpoint {
  /// Reads the bytes of a stored tensor as they are in its file.
  ///
  /// Throws `.fileChanged` if the file is not the one whose header was read.
  /// - Parameter target: `tensor.byteCount` bytes.
  package func read(_ tensor: StoredTensor, into target: UnsafeMutableRawBufferPointer)
    throws(CheckpointError)
  {
    precondition(target.count == tensor.byteCount, "room for the tensor exactly")
    try read(tensor, at: 0, into: target)
  }

  /// Reads a part of a stored tensor, from its byte `offset` on.
  package func read(
    _ tensor: StoredTensor, at offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(CheckpointError) {
    precondition(offset >= 0 && offset <= tensor.byteCount - target.count, "range in the tensor")
    let file = files[tensor.file]
    let reader = try FileReader(path: file.path)
    try reader.check(against: file)
    try reader.read(into: target, at: tensor.offset + offset)
    try reader.check(against: file)
  }

  /// The bytes of a stored tensor as they are in its file.
  package func bytes(of tensor: StoredTensor) throws(CheckpointError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: tensor.byteCount, alignment: 16)
    defer { buffer.deallocate() }
    try read(tensor, into: buffer)
    return Array(buffer)
  }
}
