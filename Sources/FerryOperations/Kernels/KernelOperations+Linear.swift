import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// Products of decoded weights in f32, or for int8 rows LLM.int8() where it is asked for.
  public func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor
  ) throws {
    try checks.linear(input, weight: weight, bias: bias, arithmetic: arithmetic, into: output)
    try requireAlignment(input, output)
    try requireAlignment(weight)
    if let bias { try requireAlignment(bias) }
    guard output.count > 0 else { return }
    let call = LinearCall(input: input, weight: weight, bias: bias, output: output)
    if case .llmInt8(let threshold) = arithmetic, case .int8Rows = weight.entry.format {
      try int8Linear(call, threshold: threshold)
    } else {
      try decodedLinear(call)
    }
  }

  private func decodedLinear(_ call: LinearCall) throws {
    if try fewRowsLinear(call) { return }
    if try tiledLinear(call) { return }
    let weight = call.weight
    let rows = call.input.rowCount == 1 ? 1 : decodedRowsPerThread
    let defines = linearDefines(call, rows: rows).merging(["FORMAT": weight.kernelFormat]) { $1 }
    guard library.offers(.linear, defines) else { return try throughF32(call, decodedLinear) }
    try launch(
      .linear, defines,
      groups: linearGroups(call, rows: rows), of: linearGroupSize,
      [.buffer(call.input.view)] + weight.kernelArguments + call.biasArguments
        + [.buffer(call.output.view)] + call.extents + [.uint32(UInt32(weight.wideColumns))])
  }

  /// Threads of a group: 16 rows of weights where each has one thread.
  private var linearGroupSize: Int { max(16, 4 * threads) }

  /// ROWS of linear.cl: a decoded weight is used for so many rows.
  private var decodedRowsPerThread: Int { threads == 1 ? 8 : 4 }

  private func linearDefines(_ call: LinearCall, rows: Int) -> [String: String] {
    [
      "INPUT": call.input.elementType.rawValue, "OUTPUT": call.output.elementType.rawValue,
      "ROWS": "\(rows)", "THREADS": "\(threads)", "GROUP": "\(linearGroupSize)",
    ]
  }

  private func linearGroups(_ call: LinearCall, rows: Int) -> GridSize {
    GridSize(
      (call.weight.rowCount * threads).blocks(of: linearGroupSize),
      call.input.rowCount.blocks(of: rows))
  }

  /// LLM.int8(): outlier columns, codes of the rows, then the product with both.
  private func int8Linear(_ call: LinearCall, threshold: Float) throws {
    let (rows, columns) = (call.input.rowCount, call.weight.columnCount)
    guard columns <= Int(Int32.max) / (128 * 127) else {
      throw OperationError(
        .unsupported, "LLM.int8 sums \(columns) products in 32 bits; use weight-only arithmetic")
    }
    let rowsPerThread = rows == 1 ? 1 : 8
    let defines = linearDefines(call, rows: rowsPerThread)
    guard library.offers(.int8Linear, defines) else {
      return try throughF32(call) { try int8Linear($0, threshold: threshold) }
    }
    let scratch = try scratch.views([columns, 4 * (columns + 1), rows * columns, 4 * rows])
    if threshold > 0 { try listOutliers(call, threshold, defines, marks: scratch[0], scratch[1]) }
    try launch(
      .quantizeRows, defines, groups: GridSize(rows), of: threads,
      [
        .buffer(call.input.view), .buffer(scratch[0]), .buffer(scratch[2]), .buffer(scratch[3]),
        .uint32(UInt32(columns)), .float(threshold),
      ])
    let outliers = threshold > 0 ? scratch[1] : nil
    if try fewRowsInt8(call, codes: scratch[2], absmax: scratch[3], outliers: outliers) { return }
    if try int8Tiles(call, codes: scratch[2], absmax: scratch[3], outliers: outliers) { return }
    try launch(
      .int8Linear, defines, groups: linearGroups(call, rows: rowsPerThread), of: linearGroupSize,
      [
        .buffer(call.input.view), .buffer(scratch[2]), .buffer(scratch[3]), .buffer(scratch[1]),
        .uint32(threshold > 0 ? 1 : 0), .buffer(call.weight.payload),
        .buffer(call.weight.parts[1]),
      ] + call.biasArguments + [.buffer(call.output.view)] + call.extents)
  }

  /// Rows of a column that a thread looks through; MARKED_ROWS of the dialect.
  private static let rowsPerMark = 32

  private func listOutliers(
    _ call: LinearCall, _ threshold: Float, _ defines: [String: String], marks: BufferView,
    _ list: BufferView
  ) throws {
    let columns = UInt32(call.weight.columnCount)
    let groups = GridSize(
      call.weight.columnCount.blocks(of: Self.groupSize),
      call.input.rowCount.blocks(of: Self.rowsPerMark))
    if groups.y > 1 { try context.compute.fill(marks, with: 0) }
    try launch(
      .markOutliers, defines, groups: groups, of: Self.groupSize,
      [
        .buffer(call.input.view), .buffer(marks), .uint32(UInt32(call.input.rowCount)),
        .uint32(columns), .float(threshold),
      ])
    try launch(
      .listOutliers, defines, groups: GridSize(1), of: linearGroupSize,
      [.buffer(marks), .buffer(list), .uint32(columns)])
  }
}

/// The operands of a linear layer.
struct LinearCall {
  let input: Tensor
  let weight: WeightView
  let bias: WeightView?
  let output: Tensor

  /// The bias and its type; without one the weight again, unread.
  var biasArguments: [KernelArgument] {
    guard let bias, case .plain(let type) = bias.entry.format else {
      return [.buffer(weight.payload), .uint32(0)]
    }
    return [.buffer(bias.payload), .uint32(type.kernelNumber)]
  }

  /// rows, columns, outputs
  var extents: [KernelArgument] {
    [input.rowCount, weight.columnCount, weight.rowCount].map { .uint32(UInt32($0)) }
  }
}
