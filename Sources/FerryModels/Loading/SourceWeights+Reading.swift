import FerryCheckpoints
import FerryDevices
import FerryFormats

extension SourceWeights {
  /// Reads a plain weight: its elements, row by row, in its ``SourceWeight/elementType``. `bytes` has
  /// exactly their size.
  package func read(_ weight: SourceWeight, into bytes: UnsafeMutableRawBufferPointer) throws {
    try read(part: 0, of: weight, into: bytes)
  }

  /// Reads one part of a weight as memory holds it: block encodings decoded, rows in the model's
  /// order, tables that the file leaves to the format filled in. `bytes` has exactly the part's size.
  package func read(
    part index: Int, of weight: SourceWeight, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    let specification = weight.parts[index]
    precondition(bytes.count == specification.byteCount, "a buffer of another size than the part")
    guard let number = weight.stored.parts[index] else {
      return Self.fillTable(specification, bytes)
    }
    let tensor = checkpoint.tensors[number]
    guard let order = weight.rowOrder, index == 0, let rowCount = weight.shape.first else {
      return try checkpoint.readElements(of: tensor, into: bytes)
    }
    guard rowCount > 0, rowCount.isMultiple(of: 2 * order.headCount) else {
      throw ModelError(
        .wrongShape,
        "'\(weight.name)' has \(rowCount.counted("row")), which are not \(order.headCount) heads of pairs"
      )
    }
    try AddressSpace.check(bytes.count)
    let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { stored.deallocate() }
    try checkpoint.readElements(of: tensor, into: stored)
    order.restore(UnsafeRawBufferPointer(stored), to: bytes, rowCount: rowCount)
  }

  /// Whether the part's bytes lie in a file as memory holds them.
  func isStoredAsIs(part index: Int, of weight: SourceWeight) -> StoredTensor? {
    guard weight.rowOrder == nil || index > 0, let number = weight.stored.parts[index] else {
      return nil
    }
    let tensor = checkpoint.tensors[number]
    if case .ggufBlocks = tensor.encoding { return nil }
    return tensor.byteCount >= weight.parts[index].byteCount ? tensor : nil
  }

  private static func fillTable(
    _ specification: PartSpecification, _ bytes: UnsafeMutableRawBufferPointer
  ) {
    precondition(
      specification.role == .nestedTable || specification.role == .table,
      "only tables may be left out")
    CodeTables.dynamic8.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }

  /// Whether two weights are the same, byte for byte.
  func isSame(_ one: SourceWeight, _ other: SourceWeight) throws -> Bool {
    guard one.format == other.format, one.shape == other.shape,
      one.elementType == other.elementType,
      one.stored.nestedOffset == other.stored.nestedOffset
    else { return false }
    for (index, part) in one.parts.enumerated() {
      try AddressSpace.check(2 * part.byteCount)
      let buffers = (0..<2).map { _ in
        UnsafeMutableRawBufferPointer.allocate(byteCount: part.byteCount, alignment: 64)
      }
      defer { buffers.forEach { $0.deallocate() } }
      try read(part: index, of: one, into: buffers[0])
      try read(part: index, of: other, into: buffers[1])
      guard buffers[0].elementsEqual(buffers[1]) else { return false }
    }
    return true
  }
}

extension Checkpoint {
  /// How many blocks are decoded at a time.
  private static let decodedBlockCount = 1 << 15

  /// Reads the first elements of a stored tensor, as many as `bytes` holds; block encodings as f32.
  fileprivate func readElements(of tensor: StoredTensor, into bytes: UnsafeMutableRawBufferPointer)
    throws
  {
    guard case .ggufBlocks(let type) = tensor.encoding else {
      return try read(tensor, at: 0, into: bytes)
    }
    let elements = bytes.bindMemory(to: Float.self)
    let blockCount = tensor.byteCount / type.blockByteCount
    precondition(elements.count == blockCount * GGUFBlockType.blockSize, "room for the tensor")
    let encoded = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(blockCount, Self.decodedBlockCount) * type.blockByteCount, alignment: 64)
    defer { encoded.deallocate() }
    for first in stride(from: 0, to: blockCount, by: Self.decodedBlockCount) {
      let count = min(Self.decodedBlockCount, blockCount - first)
      let blocks = UnsafeMutableRawBufferPointer(
        rebasing: encoded[..<(count * type.blockByteCount)])
      try read(tensor, at: first * type.blockByteCount, into: blocks)
      let start = first * GGUFBlockType.blockSize
      type.decode(
        UnsafeRawBufferPointer(blocks),
        into: .init(rebasing: elements[start..<start + count * GGUFBlockType.blockSize]))
    }
  }
}
