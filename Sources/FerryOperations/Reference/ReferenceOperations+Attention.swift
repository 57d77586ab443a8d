public import FerryTensors
import Glibc

extension ReferenceOperations {
  /// Softmax of q·k · scale over the positions a row sees, times the values, in f64.
  ///
  /// Sources: A. Vaswani et al., "Attention Is All You Need", arXiv:1706.03762; grouped queries:
  /// J. Ainslie et al., "GQA", arXiv:2305.13245. Query head h reads key head h / (heads / keyValueHeads).
  public func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    firstPosition: Position, into output: Tensor
  ) throws {
    let firstPosition = try checks.number(firstPosition)
    try checks.attention(
      queries: queries, keys: keys, values: values, shape: shape,
      firstPosition: .number(firstPosition), into: output)
    let filled = 0..<firstPosition + queries.rowCount
    let heads = AttentionHeads(
      shape: shape, queries: queries.values(), keys: keys.rows(filled).values(),
      values: values.rows(filled).values())
    var result: [Float] = []
    for row in 0..<queries.rowCount {
      let position = firstPosition + row
      let first = shape.window.map { max(0, position + 1 - $0) } ?? 0
      for head in 0..<shape.heads {
        result += heads.output(row: row, head: head, positions: first..<position + 1)
      }
    }
    output.write(result)
  }

  /// The same softmax over the span of each row.
  public func attendWithin(
    _ spans: RowSpans, queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape,
    into output: Tensor
  ) throws {
    try checks.attendWithin(
      spans, queries: queries, keys: keys, values: values, shape: shape, into: output)
    let heads = AttentionHeads(
      shape: shape, queries: queries.values(), keys: keys.values(), values: values.values())
    var result: [Float] = []
    for (row, span) in try checks.ranges(spans, in: keys.rowCount).enumerated() {
      for head in 0..<shape.heads {
        result += heads.output(row: row, head: head, positions: span)
      }
    }
    output.write(result)
  }
}

/// The operands of an attention, read once.
private struct AttentionHeads {
  let shape: AttentionShape
  let queries: [Float]
  let keys: [Float]
  let values: [Float]

  func output(row: Int, head: Int, positions: Range<Int>) -> [Float] {
    let scores = positions.map { score(row, head, $0) }
    let largest = scores.reduce(-Double.infinity, max)
    let weights = scores.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return (0..<shape.headSize).map { i in
      let sum = zip(positions, weights).reduce(0.0) { sum, pair in
        sum + pair.1 * Double(values[cached(head, pair.0) + i])
      }
      return Float(sum / total)
    }
  }

  private func score(_ row: Int, _ head: Int, _ position: Int) -> Double {
    let query = (row * shape.heads + head) * shape.headSize
    let key = cached(head, position)
    let product = (0..<shape.headSize).reduce(0.0) { sum, i in
      sum + Double(queries[query + i]) * Double(keys[key + i])
    }
    return product * Double(shape.scale)
  }

  /// Where the key or value that `head` reads at `position` starts.
  private func cached(_ head: Int, _ position: Int) -> Int {
    let group = shape.heads / shape.keyValueHeads
    return (position * shape.keyValueHeads + head / group) * shape.headSize
  }
}
