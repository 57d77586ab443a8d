import FerryFormats
public import FerryTensors

extension ReferenceOperations {
  /// x / sqrt(mean(x²) + ε) · weight, in f64.
  ///
  /// Source: B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization", arXiv:1910.07467.
  public func rmsNorm(
    _ input: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.rmsNorm(input, weight: weight, into: output)
    let factors = try weight.values()
    let values = input.values()
    let columns = input.columnCount
    var result: [Float] = []
    for start in stride(from: 0, to: values.count, by: max(columns, 1)) {
      let row = values[start..<start + columns].map(Double.init)
      let mean = row.reduce(0) { $0 + $1 * $1 } / Double(columns)
      let scale = 1 / (mean + Double(epsilon)).squareRoot()
      result += zip(row, factors).map { Float($0 * scale * Double($1)) }
    }
    output.write(result)
  }

  /// (x − mean) / sqrt(variance + ε) · weight + bias, in f64.
  ///
  /// Source: J. L. Ba et al., "Layer Normalization", arXiv:1607.06450.
  public func layerNorm(
    _ input: Tensor, weight: WeightView, bias: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.layerNorm(input, weight: weight, bias: bias, into: output)
    let (factors, offsets) = (try weight.values(), try bias.values())
    let values = input.values()
    let columns = input.columnCount
    var result: [Float] = []
    for start in stride(from: 0, to: values.count, by: max(columns, 1)) {
      let row = values[start..<start + columns].map(Double.init)
      let mean = row.reduce(0, +) / Double(columns)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      let scale = 1 / (variance + Double(epsilon)).squareRoot()
      result += row.indices.map {
        Float((row[$0] - mean) * scale * Double(factors[$0]) + Double(offsets[$0]))
      }
    }
    output.write(result)
  }

  /// Sums in f64, row by row.
  public func meanRows(_ spans: RowSpans, of input: Tensor, into output: Tensor) throws {
    try checks.meanRows(spans, of: input, into: output)
    let (values, columns) = (input.values(), input.columnCount)
    output.write(
      try checks.ranges(spans, in: input.rowCount).flatMap { span in
        (0..<columns).map { column in
          let sum = span.reduce(0.0) { $0 + Double(values[$1 * columns + column]) }
          return Float(sum / Double(span.count))
        }
      })
  }

  /// (x, y) → (x·cos − y·sin, y·cos + x·sin) for the pairs (i, i + rotary/2), in f64.
  ///
  /// Source: J. Su et al., "RoFormer", arXiv:2104.09864, with the halves of a head as pairs.
  public func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position
  ) throws {
    let first = try checks.number(firstPosition)
    try checks.rotate(values, heads: heads, tables: tables, firstPosition: .number(first))
    values.write(rotated(values, heads, tables, first))
  }

  /// Copies rows, converted where the types differ.
  public func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Position) throws {
    let first = try checks.number(firstRow)
    try checks.store(values, intoRowsOf: cache, at: .number(first))
    cache.rows(first..<first + values.rowCount).write(values.values())
  }

  /// The operations it stands for, one after the other, on a copy of the keys.
  public func rotateAndStore(
    _ rows: ProjectedRows, tables: Tensor, into cache: CachedRows, at firstRow: Position
  ) throws {
    try checks.rotateAndStore(
      rows, tables: tables, into: cache, at: .number(checks.number(firstRow)))
    try rotate(rows.queries, heads: rows.queryHeads, tables: tables, firstPosition: 0)
    let kept = rows.keys.values()
    try rotate(rows.keys, heads: rows.keyHeads, tables: tables, firstPosition: 0)
    try store(rows.keys, intoRowsOf: cache.keys, at: firstRow)
    rows.keys.write(kept)
    try store(rows.values, intoRowsOf: cache.values, at: firstRow)
  }

  private func rotated(
    _ values: Tensor, _ heads: HeadShape, _ tables: Tensor, _ firstPosition: Int
  ) -> [Float] {
    let table = tables.values().map(Double.init)
    let half = heads.rotarySize / 2
    var rotated = values.values()
    for row in 0..<values.rowCount {
      let cosines = (firstPosition + row) * 2 * half
      for head in 0..<heads.count {
        let start = (row * heads.count + head) * heads.size
        for i in start..<start + half {
          let (x, y) = (Double(rotated[i]), Double(rotated[i + half]))
          let (c, s) = (table[cosines + i - start], table[cosines + half + i - start])
          rotated[i] = Float(x * c - y * s)
          rotated[i + half] = Float(y * c + x * s)
        }
      }
    }
    return rotated
  }
}
