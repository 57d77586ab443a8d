import FerryDevices
import FerryFormats
public import FerryTensors

/// The operations of models that see a whole text at once. Their kernels are built for one type of activations.
extension KernelOperations {
  /// One group of threads a row.
  public func layerNorm(
    _ input: Tensor, weight: WeightView, bias: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.layerNorm(input, weight: weight, bias: bias, into: output)
    try requireAlignment(input, output)
    try requireAlignment(weight)
    try requireAlignment(bias)
    guard input.count > 0, case .plain(let weightType) = weight.entry.format,
      case .plain(let biasType) = bias.entry.format
    else { return }
    try launch(
      .layerNorm, ["TYPE": input.elementType.rawValue, "THREADS": "\(threads)"],
      groups: GridSize(input.rowCount), of: threads,
      [input.view, weight.payload, bias.payload, output.view].map { .buffer($0) } + [
        .uint32(UInt32(input.columnCount)), .float(epsilon), .uint32(weightType.kernelNumber),
        .uint32(biasType.kernelNumber),
      ])
  }

  /// Threads that attend for one head of a row together, on every device.
  private static let attendingThreads = 32

  /// One group of threads a head of a row; no memory beside the operands.
  public func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor
  ) throws {
    try checks.attendWithin(
      spans, queries: queries, keys: keys, values: values, shape: shape, into: output)
    try requireAlignment(queries, keys, values, output)
    guard queries.count > 0 else { return }
    let threads = Self.attendingThreads
    let slice = 4 * threads  // SLICE of attendWithin.cl
    try launch(
      .attendWithin, ["TYPE": queries.elementType.rawValue, "THREADS": "\(threads)"],
      groups: GridSize(shape.heads, queries.rowCount, shape.headSize.blocks(of: slice)),
      of: threads,
      [spans.view, queries.view, keys.view, values.view, output.view].map { .buffer($0) } + [
        .uint32(UInt32(shape.heads)), .uint32(UInt32(shape.keyValueHeads)),
        .uint32(UInt32(keys.rowCount)), .float(shape.scale), .uint32(UInt32(shape.headSize)),
      ])
  }

  /// One thread a column of a span.
  public func meanRows(_ spans: RowSpans, of input: Tensor, into output: Tensor) throws {
    try checks.meanRows(spans, of: input, into: output)
    try requireAlignment(input, output)
    guard output.count > 0 else { return }
    try launch(
      .meanRows, ["TYPE": input.elementType.rawValue],
      groups: GridSize(input.columnCount.blocks(of: Self.groupSize), spans.count),
      of: Self.groupSize,
      [spans.view, input.view, output.view].map { .buffer($0) }
        + [input.rowCount, input.columnCount].map { .uint32(UInt32($0)) })
  }

  /// One thread an element.
  public func gelu(_ input: Tensor, into output: Tensor) throws {
    try checks.gelu(input, into: output)
    try requireAlignment(input, output)
    guard input.count > 0 else { return }
    try launchFlat(
      .gelu, ["TYPE": input.elementType.rawValue], count: input.count,
      [.buffer(input.view), .buffer(output.view), .uint64(UInt64(input.count))])
  }
}
