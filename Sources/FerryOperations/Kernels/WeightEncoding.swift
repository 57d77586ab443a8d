import FerryDevices
import FerryFormats
import FerryTensors

/// One weight being encoded on a device.
struct WeightEncoding {
  private let operations: KernelOperations
  private let values: Tensor
  private let weight: WeightView

  init(_ operations: KernelOperations, _ values: Tensor, _ weight: WeightView) {
    self.operations = operations
    self.values = values
    self.weight = weight
  }

  private var context: DeviceContext { operations.context }

  /// Queues the work, once nothing is left that could not be encoded. Returns the nested offset.
  func run() throws -> Float {
    if case .plain(values.elementType) = weight.entry.format {
      if values.count > 0 { try context.compute.copy(values.view, to: weight.payload) }
      return 0
    }
    if values.count > 0 { try InvalidElements(operations, values, weight).check() }
    switch weight.entry.format {
    case .plain(let type):
      try encodePlain(type)
      return 0
    case .fourBit(let format): return try encodeFourBit(format)
    case .int8Rows:
      try encodeRows()
      return 0
    case .dynamic8(let blockSize):
      try encodeBlocks(blockSize)
      return 0
    case .opaque: preconditionFailure("opaque bytes are not encoded")
    }
  }

  private func encodePlain(_ type: ElementType) throws {
    guard values.count > 0 else { return }
    let output = Tensor(weight.payload, type, shape: values.shape)
    try operations.convert(values, into: output)
  }

  private func encodeRows() throws {
    guard weight.rowCount > 0 else { return }
    let teams = EncodingTeams(operations, blockSize: weight.columnCount)
    try operations.launchFlat(
      .encodeInt8Rows, ["VALUES": values.elementType.rawValue],
      count: weight.rowCount << teams.shift, of: teams.groupSize,
      [
        .buffer(values.view), .buffer(weight.payload), .buffer(weight.parts[1]),
        .uint64(UInt64(weight.rowCount)), .uint64(UInt64(weight.columnCount)),
        .uint32(UInt32(teams.shift)),
      ])
  }

  private func encodeBlocks(_ blockSize: Int) throws {
    let dynamic = Dynamic8Blocks(
      values: values, codes: weight.payload, absmax: weight.parts[1], table: weight.parts[2])
    try uploadTable(weight.parts[2])
    try encode(dynamic, blockSize: blockSize, offset: 0)
  }
}

// MARK: - 4-bit

extension WeightEncoding {
  private func encodeFourBit(_ format: FourBitFormat) throws -> Float {
    guard format.isNested else {
      try encodeNibbles(format, absmax: weight.parts[1])
      return 0
    }
    try uploadTable(weight.parts[3])
    let blocks = values.count.blocks(of: format.blockSize)
    guard blocks > 0 else { return 0 }
    let absmax = try context.allocate(byteCount: blocks * ElementType.f32.byteCount)
    try encodeNibbles(format, absmax: absmax.view)
    let offset = try mean(absmax.view, count: blocks)
    let nested = Dynamic8Blocks(
      values: Tensor(absmax.view, .f32, shape: [blocks]), codes: weight.parts[1],
      absmax: weight.parts[2], table: weight.parts[3])
    try encode(nested, blockSize: FourBitFormat.nestedBlockSize, offset: offset)
    return offset
  }

  private func encodeNibbles(_ format: FourBitFormat, absmax: BufferView) throws {
    guard values.count > 0 else { return }
    let teams = EncodingTeams(operations, blockSize: format.blockSize)
    try operations.launchFlat(
      .encodeFourBit, ["VALUES": values.elementType.rawValue],
      count: values.count.blocks(of: format.blockSize) << teams.shift, of: teams.groupSize,
      [
        .buffer(values.view), .buffer(weight.payload), .buffer(absmax),
        .uint64(UInt64(values.count)), .uint32(UInt32(format.blockSize)),
        .uint32(UInt32(teams.shift)), .uint32(format.code == .fp4 ? 1 : 0),
      ])
  }

  /// f32(sum / count), the sum in f64 and in index order.
  private func mean(_ values: BufferView, count: Int) throws -> Float {
    let values = try context.downloaded(values, as: Float.self)
    return Float(values.reduce(0.0) { $0 + Double($1) } / Double(count))
  }
}

// MARK: - Dynamic 8-bit blocks

/// Numbers on their way to 8-bit codes.
private struct Dynamic8Blocks {
  let values: Tensor
  let codes: BufferView
  let absmax: BufferView
  let table: BufferView
}

extension WeightEncoding {
  private func encode(_ blocks: Dynamic8Blocks, blockSize: Int, offset: Float) throws {
    guard blocks.values.count > 0 else { return }
    let teams = EncodingTeams(operations, blockSize: blockSize)
    try operations.launchFlat(
      .encodeDynamic8, ["VALUES": blocks.values.elementType.rawValue],
      count: blocks.values.count.blocks(of: blockSize) << teams.shift, of: teams.groupSize,
      [
        .buffer(blocks.values.view), .buffer(blocks.codes), .buffer(blocks.absmax),
        .buffer(blocks.table), .uint64(UInt64(blocks.values.count)), .uint32(UInt32(blockSize)),
        .uint32(UInt32(teams.shift)), .float(offset),
      ])
  }

  private func uploadTable(_ table: BufferView) throws {
    try CodeTables.dynamic8.withUnsafeBytes {
      try context.compute.upload($0, to: table)
      try context.compute.synchronize()
    }
  }
}

extension DeviceContext {
  /// The numbers in `view`, once all that is queued on the compute stream is done.
  func downloaded<Value: BitwiseCopyable>(
    _ view: BufferView, as type: Value.Type
  ) throws(DeviceError) -> [Value] {
    let count = view.byteCount / MemoryLayout<Value>.stride
    let target = UnsafeMutableBufferPointer<Value>.allocate(capacity: count)
    defer { target.deallocate() }
    try compute.download(view, to: UnsafeMutableRawBufferPointer(target))
    try compute.synchronize()
    return Array(target)
  }
}
