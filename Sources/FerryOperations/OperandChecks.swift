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
    _ tokens: TokenList, of table: WeightView, into output: Tensor
  ) throws(OperationError) {
    try usable(table)
    try activations(output, "output")
    try expect(
      output.columnCount == table.columnCount && output.rowCount == tokens.count,
      "\(tokens.count) rows of a table \(table.entry.shape) do not fit output \(output.shape)")
    switch tokens {
    case .words(let view): try words(view, "tokens")
    case .numbers(let numbers):
      for token in numbers where token < 0 || Int(token) >= table.rowCount {
        throw OperationError(
          .shapeMismatch,
          "token \(token) is outside the table \(table.entry.name) of \(table.rowCount) rows")
      }
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

  /// ``Operations/layerNorm(_:weight:bias:epsilon:into:)``
  func layerNorm(
    _ input: Tensor, weight: WeightView, bias: WeightView, into output: Tensor
  ) throws(OperationError) {
    try sameType([(input, "input"), (output, "output")])
    try plain(weight, count: input.columnCount, "norm weight")
    try plain(bias, count: input.columnCount, "norm bias")
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
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position
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
        && tables.shape[1] == 2 && tables.shape[2] == heads.rotarySize / 2,
      "rotary tables \(tables.elementType) \(tables.shape) are not f32 "
        + "[positions, 2, \(heads.rotarySize / 2)]")
    try fits(firstPosition, values.rowCount, tables.shape[0], "the rotary tables")
  }

  /// ``Operations/store(_:intoRowsOf:at:)``
  func store(
    _ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Position
  ) throws(OperationError) {
    try activations(values, "values")
    try activations(cache, "cache")
    try expect(
      values.columnCount == cache.columnCount,
      "rows of \(values.columnCount) do not fit a cache with rows of \(cache.columnCount)")
    try fits(firstRow, values.rowCount, cache.rowCount, "a cache")
  }

  /// ``Operations/rotateAndStore(_:tables:into:at:)``
  func rotateAndStore(
    _ rows: ProjectedRows, tables: Tensor, into cache: CachedRows, at firstRow: Position
  ) throws(OperationError) {
    try rotate(rows.queries, heads: rows.queryHeads, tables: tables, firstPosition: 0)
    try rotate(rows.keys, heads: rows.keyHeads, tables: tables, firstPosition: 0)
    try expect(
      rows.queries.rowCount == rows.keys.rowCount && rows.keys.shape == rows.values.shape,
      "queries \(rows.queries.shape), keys \(rows.keys.shape) and values \(rows.values.shape) are "
        + "not the same rows")
    try store(rows.keys, intoRowsOf: cache.keys, at: firstRow)
    try store(rows.values, intoRowsOf: cache.values, at: firstRow)
  }

  /// ``Operations/attention(queries:keys:values:shape:firstPosition:into:)``
  func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor
  ) throws(OperationError) {
    try activations(queries, "queries")
    try activations(keys, "keys")
    try activations(values, "values")
    try activations(output, "output")
    try heads(shape, queries: queries, keys: keys, values: values)
    try sameMatrix(queries, output)
    try fits(firstPosition, queries.rowCount, min(keys.rowCount, values.rowCount), "a cache")
  }

  /// ``Operations/attendWithin(_:queries:keys:values:shape:into:)``
  func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor
  ) throws(OperationError) {
    try sameType([
      (queries, "queries"), (keys, "keys"), (values, "values"), (output, "output"),
    ])
    try heads(shape, queries: queries, keys: keys, values: values)
    try sameMatrix(queries, output)
    try sameMatrix(keys, values)
    try self.spans(spans, count: queries.rowCount)
  }

  /// ``Operations/meanRows(_:of:into:)``
  func meanRows(
    _ spans: RowSpans, of input: Tensor, into output: Tensor
  ) throws(OperationError) {
    try activations(input, "input")
    try activations(output, "output")
    try expect(output.elementType == .f32, "means are f32, the output is \(output.elementType)")
    try expect(
      input.columnCount == output.columnCount,
      "input \(input.shape) and output \(output.shape) differ in columns")
    try self.spans(spans, count: output.rowCount)
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

  /// ``Operations/gelu(_:into:)``
  func gelu(_ input: Tensor, into output: Tensor) throws(OperationError) {
    try sameType([(input, "input"), (output, "output")])
    try sameCount(input, output)
  }

  /// ``Operations/add(_:to:)``
  func add(_ values: Tensor, to target: Tensor) throws(OperationError) {
    try activations(values, "values")
    try activations(target, "target")
    try sameCount(values, target)
  }

  /// ``Operations/addAndNormalize(_:to:weight:epsilon:into:)``
  func addAndNormalize(
    _ values: Tensor, to target: Tensor, weight: WeightView, into output: Tensor
  ) throws(OperationError) {
    try activations(values, "values")
    try sameMatrix(values, target)
    try rmsNorm(target, weight: weight, into: output)
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
