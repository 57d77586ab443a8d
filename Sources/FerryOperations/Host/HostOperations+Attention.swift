import CHostKernels
public import FerryTensors

extension HostOperations {
  /// One head of one row is a piece.
  public func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor
  ) throws {
    let firstPosition = try checks.number(firstPosition)
    try checks.attention(
      queries: queries, keys: keys, values: values, shape: shape,
      firstPosition: .number(firstPosition), into: output)
    let attention = ferry_attention(
      queries: HostTensor(queries), keys: HostTensor(keys), values: HostTensor(values),
      shape: shape, firstPosition: firstPosition, output: HostTensor(output))
    let last = firstPosition + queries.rowCount - 1
    let work = max(1, (last + 1) * shape.headSize)
    pool.run(count: queries.rowCount * shape.heads, grain: 16384 / work) { range in
      withUnsafePointer(to: attention) { attention in
        let scratch = Scratch<Float>(count: Int(ferry_attention_scratch(attention, Int64(last))))
        for piece in range {
          ferry_attend(
            level.rawValue, attention, Int64(piece / shape.heads), Int64(piece % shape.heads),
            scratch.start)
        }
      }
    }
  }

  /// One head of one row is a piece: what a causal attention over the row's span would do for the last
  /// of its positions.
  public func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor
  ) throws {
    try checks.attendWithin(
      spans, queries: queries, keys: keys, values: values, shape: shape, into: output)
    let ranges = try checks.ranges(spans, in: keys.rowCount)
    let whole = ferry_attention(
      queries: HostTensor(queries), keys: HostTensor(keys), values: HostTensor(values),
      shape: shape, firstPosition: 0, output: HostTensor(output))
    let longest = ranges.reduce(0) { max($0, $1.count) }
    let work = max(1, longest * shape.headSize)
    pool.run(count: ranges.count * shape.heads, grain: 16384 / work) { pieces in
      let scratch = Scratch<Float>(count: shape.headSize + longest)
      for piece in pieces {
        let (row, head) = (piece / shape.heads, piece % shape.heads)
        withUnsafePointer(to: whole.over(ranges[row], row: row, keys, values)) { attention in
          ferry_attend(level.rawValue, attention, Int64(row), Int64(head), scratch.start)
        }
      }
    }
  }
}

extension ferry_attention {
  /// The same for one row that sees a span: keys and values begin there, and the row is at the span's
  /// last position.
  fileprivate func over(_ span: Range<Int>, row: Int, _ keys: Tensor, _ values: Tensor) -> Self {
    var part = self
    part.keys = UnsafeRawPointer(HostTensor(keys).at(span.lowerBound * keys.columnCount))
    part.values = UnsafeRawPointer(HostTensor(values).at(span.lowerBound * values.columnCount))
    part.first_position = Int64(span.count - 1 - row)
    part.window = 0
    return part
  }

  fileprivate init(
    queries: HostTensor, keys: HostTensor, values: HostTensor, shape: AttentionShape,
    firstPosition: Int, output: HostTensor
  ) {
    self.init(
      queries: queries.start, keys: keys.start, values: values.start, output: output.start,
      query_type: queries.type, key_type: keys.type, value_type: values.type,
      output_type: output.type, heads: Int64(shape.heads),
      key_value_heads: Int64(shape.keyValueHeads), head_size: Int64(shape.headSize),
      first_position: Int64(firstPosition), window: Int64(shape.window ?? 0), scale: shape.scale)
  }
}
