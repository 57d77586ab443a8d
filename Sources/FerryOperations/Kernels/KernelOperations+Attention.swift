import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// On matrix units where the device has them, with scratch memory where the rows are few; else one group
  /// of threads a row of a head.
  public func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor
  ) throws {
    try checks.attention(
      queries: queries, keys: keys, values: values, shape: shape, firstPosition: firstPosition,
      into: output)
    try requireAlignment(queries, keys, values, output)
    guard queries.count > 0 else { return }
    let operands = AttentionOperands(
      queries: queries, keys: keys, values: values, shape: shape, output: output)
    if try attendInTiles(operands, at: firstPosition) { return }
    let arguments = operands.arguments(firstPosition, into: output.view)
    let defines = operands.defines(threads: threads)
    guard library.offers(.attention, defines) else { return try attendAny(operands, arguments) }
    try launch(
      .attention, defines, groups: GridSize(queries.rowCount, shape.heads), of: threads, arguments)
  }

  /// For shapes and types that no image was made for: a group takes a slice of a head.
  private func attendAny(
    _ operands: AttentionOperands, _ arguments: [KernelArgument]
  ) throws {
    let shape = operands.shape
    let slice = 8 * threads  // SLICE of attentionAny.cl
    try launch(
      .attentionAny, ["THREADS": "\(threads)"],
      groups: GridSize(
        operands.queries.rowCount, shape.heads, shape.headSize.blocks(of: slice)),
      of: threads,
      arguments + [.uint32(UInt32(shape.headSize))] + operands.tensors.typeNumbers)
  }
}

/// What attention reads and writes.
struct AttentionOperands {
  let queries: Tensor
  let keys: Tensor
  let values: Tensor
  let shape: AttentionShape
  let output: Tensor

  /// In the order of the kernels' buffers.
  var tensors: [Tensor] { [queries, keys, values, output] }

  /// Positions that the cache has room for.
  var capacity: Int { min(keys.rowCount, values.rowCount) }

  /// The parameters that the kernels of attention begin with; `target` is where the results go.
  func arguments(_ firstPosition: Position, into target: BufferView) -> [KernelArgument] {
    [queries.view, keys.view, values.view, target].map { .buffer($0) }
      + [.uint32(UInt32(shape.heads)), .uint32(UInt32(shape.keyValueHeads))]
      + firstPosition.kernelArguments(unread: queries.view) + [
        .uint32(UInt32(capacity)),
        .uint32(UInt32(clamping: shape.window ?? .max)), .float(shape.scale),
      ]
  }

  /// What attention.cl is built with.
  func defines(threads: Int) -> [String: String] {
    let types = zip(["QUERY", "KEY", "CACHED", "OUTPUT"], tensors)
    return Dictionary(uniqueKeysWithValues: types.map { ($0, $1.elementType.rawValue) }).merging(
      ["HEAD_SIZE": "\(shape.headSize)", "THREADS": "\(threads)"]) { $1 }
  }
}
