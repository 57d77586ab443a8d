import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// x / sqrt(mean(x²) + ε) · weight, in f32; rows in parallel.
  public func rmsNorm(
    _ input: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.rmsNorm(input, weight: weight, into: output)
    guard case .plain(let weightType) = weight.entry.format else { return }
    let (source, target) = (HostTensor(input), HostTensor(output))
    let factors = weight.payload.startOnHost
    let columns = input.columnCount
    pool.run(count: input.rowCount, grain: Self.elementGrain / max(columns, 1)) { rows in
      for row in rows {
        ferry_rms_norm(
          level.rawValue, source.at(row * columns), source.type, factors, weightType.kernelType,
          epsilon, target.at(row * columns), target.type, Int64(columns))
      }
    }
  }

  /// Rotates in f32; rows in parallel.
  public func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Int
  ) throws {
    try checks.rotate(values, heads: heads, tables: tables, firstPosition: firstPosition)
    let target = HostTensor(values)
    let table = HostTensor(tables)
    let half = heads.rotarySize / 2
    let columns = values.columnCount
    pool.run(count: values.rowCount, grain: Self.elementGrain / max(columns, 1)) { rows in
      for row in rows {
        let cosines = (firstPosition + row) * 2 * half
        for head in 0..<heads.count {
          ferry_rotate(
            level.rawValue, target.at(row * columns + head * heads.size), target.type,
            table.at(cosines), table.at(cosines + half), Int64(half))
        }
      }
    }
  }

  /// Copies rows, converted where the types differ.
  public func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Int) throws {
    try checks.store(values, intoRowsOf: cache, at: firstRow)
    let (source, target) = (HostTensor(values), HostTensor(cache))
    let first = firstRow * cache.columnCount
    pool.run(count: values.count, grain: Self.elementGrain) { range in
      ferry_convert(
        level.rawValue, source.at(range.lowerBound), source.type,
        target.at(first + range.lowerBound), target.type, Int64(range.count))
    }
  }

  /// One head of one row is a piece.
  public func attention(
    queries: Tensor, keys: Tensor, values: Tensor, shape: AttentionShape, firstPosition: Int,
    into output: Tensor
  ) throws {
    try checks.attention(
      queries: queries, keys: keys, values: values, shape: shape, firstPosition: firstPosition,
      into: output)
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
}

extension ferry_attention {
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
