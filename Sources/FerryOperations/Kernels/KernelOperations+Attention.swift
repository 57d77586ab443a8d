import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// One group of threads a head of a row; no memory beside the operands.
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
    let arguments = operands.arguments(firstPosition)
    let defines = operands.defines(threads: threads)
    guard library.offers(.attention, defines) else { return try attendAny(operands, arguments) }
    try launch(
      .attention, defines, groups: GridSize(shape.heads, queries.rowCount), of: threads, arguments)
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
        shape.heads, operands.queries.rowCount, shape.headSize.blocks(of: slice)),
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

  /// The parameters that the kernels of attention begin with.
  func arguments(_ firstPosition: Position) -> [KernelArgument] {
    tensors.map { .buffer($0.view) }
      + [.uint32(UInt32(shape.heads)), .uint32(UInt32(shape.keyValueHeads))]
      + firstPosition.kernelArguments(unread: queries.view) + [
        .uint32(UInt32(min(keys.rowCount, values.rowCount))),
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
