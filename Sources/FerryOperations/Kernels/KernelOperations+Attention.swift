import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// One group of threads a head of a row; no memory beside the operands.
  public func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape, firstPosition: Int,
    into output: Tensor
  ) throws {
    try checks.attention(
      queries: queries, keys: keys, values: values, shape: shape, firstPosition: firstPosition,
      into: output)
    try requireAlignment(queries, keys, values, output)
    guard queries.count > 0 else { return }
    try launch(
      .attention,
      [
        "QUERY": queries.elementType.rawValue, "KEY": keys.elementType.rawValue,
        "CACHED": values.elementType.rawValue, "OUTPUT": output.elementType.rawValue,
        "HEAD_SIZE": "\(shape.headSize)", "THREADS": "\(threads)",
      ],
      groups: GridSize(shape.heads, queries.rowCount), of: threads,
      [
        .buffer(queries.view), .buffer(keys.view), .buffer(values.view), .buffer(output.view),
        .uint32(UInt32(shape.heads)), .uint32(UInt32(shape.keyValueHeads)),
        .uint32(UInt32(firstPosition)), .uint32(UInt32(clamping: shape.window ?? .max)),
        .float(shape.scale),
      ])
  }
}
