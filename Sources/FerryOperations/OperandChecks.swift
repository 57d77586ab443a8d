import FerryDevices
import FerryFormats
import FerryTensors

/// What every implementation checks before it touches a byte, so that all refuse the same calls with
/// the same words.
///
/// One function an operation of ``Operations``, with its parameters.
struct OperandChecks: Sendable {
  /// Where all operands have to be.
  let device: Device

  /// Checks for operations that run on `device`.
  init(_ device: Device) { self.device = device }

  /// ``Operations/gatherRows(_:of:into:)``
  func gatherRows(
    _ tokens: [Int32], of table: WeightView, into output: Tensor
  ) throws(OperationError) {
    try usable(table)
    try activations(output, "output")
    try expect(
      output.columnCount == table.columnCount && output.rowCount == tokens.count,
      "\(tokens.count) rows of a table \(table.entry.shape) do not fit output \(output.shape)")
    for token in tokens where token < 0 || Int(token) >= table.rowCount {
      throw OperationError(
        .shapeMismatch,
        "token \(token) is outside the table \(table.entry.name) of \(table.rowCount) rows")
    }
  }

  /// ``Operations/rmsNorm(_:weight:epsilon:into:)``
  func rmsNorm(
    _ input: Tensor, weight: WeightView, into output: Tensor
  ) throws(OperationError) {
    try activations(input, "input")
    try activations(output, "output")
    try plain(weight, count: input.columnCount, "norm weight")
    try sameMatrix(input, output)
  }

  /// ``Operations/linear(_:weight:bias:arithmetic:into:)``
  func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor
  ) throws(OperationError) {
    try activations(input, "input")
    try activations(output, "output")
    try usable(weight)
    if let bias { try plain(bias, count: weight.rowCount, "bias") }
    try expect(
      weight.entry.shape.count >= 2,
      "the weight \(weight.entry.name) of a linear layer has shape \(weight.entry.shape), "
        + "not [outputs, inputs]")
    try expect(
      input.columnCount == weight.columnCount && output.columnCount == weight.rowCount
        && input.rowCount == output.rowCount,
      "input \(input.shape) and weight \(weight.entry.name) \(weight.entry.shape) do not give "
        + "output \(output.shape)")
    if case .llmInt8(let threshold) = arithmetic {
      try expect(threshold >= 0, "the outlier threshold \(threshold) is negative")
    }
  }

  /// ``Operations/rotate(_:heads:tables:firstPosition:)``
  func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Int
  ) throws(OperationError) {
    try activations(values, "values")
    try isHere(tables.view, "rotary tables")
    try expect(
      heads.count > 0 && heads.size > 0 && values.columnCount == heads.count * heads.size,
      "rows of \(values.columnCount) are not \(heads.count) heads of \(heads.size)")
    try expect(
      heads.rotarySize >= 0 && heads.rotarySize % 2 == 0 && heads.rotarySize <= heads.size,
      "\(heads.rotarySize) rotated elements: an even number up to the head size \(heads.size)")
    try expect(
      tables.elementType == .f32 && tables.shape.count == 3
        && Array(tables.shape.dropFirst()) == [2, heads.rotarySize / 2],
      "rotary tables \(tables.elementType) \(tables.shape) are not f32 "
        + "[positions, 2, \(heads.rotarySize / 2)]")
    try expect(
      firstPosition >= 0 && firstPosition + values.rowCount <= tables.shape[0],
      "positions \(firstPosition)..<\(firstPosition + values.rowCount) are outside the rotary "
        + "tables of \(tables.shape[0]) positions")
  }

  /// ``Operations/store(_:intoRowsOf:at:)``
  func store(
    _ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Int
  ) throws(OperationError) {
    try activations(values, "values")
    try activations(cache, "cache")
    try expect(
      values.columnCount == cache.columnCount,
      "rows of \(values.columnCount) do not fit a cache with rows of \(cache.columnCount)")
    try expect(
      firstRow >= 0 && firstRow + values.rowCount <= cache.rowCount,
      "rows \(firstRow)..<\(firstRow + values.rowCount) are outside a cache of "
        + "\(cache.rowCount) rows")
  }

  /// ``Operations/attention(queries:keys:values:shape:firstPosition:into:)``
  func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape, firstPosition: Int,
    into output: Tensor
  ) throws(OperationError) {
    for (tensor, name) in [
      (queries, "queries"), (keys, "keys"), (values, "values"), (output, "output"),
    ] {
      try activations(tensor, name)
    }
    try expect(
      shape.headSize > 0 && shape.keyValueHeads > 0 && shape.heads > 0
        && shape.heads % shape.keyValueHeads == 0 && shape.window ?? 1 > 0,
      "\(shape.heads) query heads of \(shape.headSize) do not share \(shape.keyValueHeads) heads "
        + "of keys")
    let cached = shape.keyValueHeads * shape.headSize
    try expect(
      queries.columnCount == shape.heads * shape.headSize && keys.columnCount == cached
        && values.columnCount == cached,
      "queries \(queries.shape), keys \(keys.shape), values \(values.shape) are not rows of "
        + "\(shape.heads) and \(shape.keyValueHeads) heads of \(shape.headSize)")
    try sameMatrix(queries, output)
    let end = firstPosition + queries.rowCount
    try expect(
      firstPosition >= 0 && end <= keys.rowCount && end <= values.rowCount,
      "positions \(firstPosition)..<\(end) are outside a cache of \(keys.rowCount) positions")
  }

  /// ``Operations/siluMultiply(gate:up:into:)``
  func siluMultiply(
    gate: Tensor, up: Tensor, into output: Tensor
  ) throws(OperationError) {
    try activations(gate, "gate")
    try activations(up, "up")
    try activations(output, "output")
    try sameCount(gate, up)
    try sameCount(gate, output)
  }

  /// ``Operations/add(_:to:)``
  func add(_ values: Tensor, to target: Tensor) throws(OperationError) {
    try activations(values, "values")
    try activations(target, "target")
    try sameCount(values, target)
  }

  /// ``Operations/dequantize(_:into:)``
  func dequantize(_ weight: WeightView, into output: Tensor) throws(OperationError) {
    try usable(weight)
    try activations(output, "output")
    try sameCount(weight, output)
  }

  /// ``Operations/quantize(_:into:)``
  func quantize(_ values: Tensor, into weight: WeightView) throws(OperationError) {
    try usable(weight)
    try activations(values, "values")
    try sameCount(weight, values)
  }
}

// MARK: - One operand

extension OperandChecks {
  private func activations(_ tensor: Tensor, _ role: String) throws(OperationError) {
    try isHere(tensor.view, role)
    guard tensor.elementType.isWeightFloat else {
      throw OperationError(
        .unsupported, "\(role) of type \(tensor.elementType): operations take f32, f16 and bf16")
    }
  }

  private func usable(_ weight: WeightView) throws(OperationError) {
    let name = weight.entry.name
    for part in weight.parts { try isHere(part, "weight \(name)") }
    if case .plain(let type) = weight.entry.format, !type.isWeightFloat {
      throw OperationError(
        .unsupported, "weight \(name) is stored as \(type): operations take f32, f16 and bf16")
    }
    if case .dynamic8(let blockSize) = weight.entry.format, blockSize < 1 {
      throw OperationError(.unsupported, "weight \(name) has blocks of \(blockSize) elements")
    }
    let expected = weight.entry.format.parts(shape: weight.entry.shape).map(\.byteCount)
    let actual = weight.parts.map(\.byteCount)
    try expect(
      expected == actual,
      "weight \(name) \(weight.entry.shape) has parts of \(actual) bytes instead of \(expected)")
  }

  private func plain(
    _ weight: WeightView, count: Int, _ role: String
  ) throws(OperationError) {
    try usable(weight)
    guard case .plain = weight.entry.format else {
      throw OperationError(
        .unsupported, "\(role) \(weight.entry.name) is quantized; keep it plain")
    }
    try expect(
      weight.entry.count == count,
      "\(role) \(weight.entry.name) has \(weight.entry.count) elements instead of \(count)")
  }

  private func isHere(_ view: BufferView, _ role: String) throws(OperationError) {
    guard view.device == device else {
      throw OperationError(
        .wrongDevice,
        "\(role) lies on \(view.device), the operation runs on \(device); move it there first")
    }
  }
}

// MARK: - Two operands

extension OperandChecks {
  private func sameMatrix(_ input: Tensor, _ output: Tensor) throws(OperationError) {
    try expect(
      input.rowCount == output.rowCount && input.columnCount == output.columnCount,
      "input \(input.shape) and output \(output.shape) differ in shape")
  }

  private func sameCount(_ left: Tensor, _ right: Tensor) throws(OperationError) {
    try expect(
      left.count == right.count, "operands \(left.shape) and \(right.shape) differ in count")
  }

  private func sameCount(_ weight: WeightView, _ tensor: Tensor) throws(OperationError) {
    try expect(
      weight.entry.count == tensor.count,
      "weight \(weight.entry.name) \(weight.entry.shape) and tensor \(tensor.shape) differ in count"
    )
  }

  private func expect(
    _ condition: Bool, _ message: @autoclosure () -> String
  ) throws(OperationError) {
    guard condition else { throw OperationError(.shapeMismatch, message()) }
  }
}
