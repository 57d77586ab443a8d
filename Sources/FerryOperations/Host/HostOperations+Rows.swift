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

  /// Adds and normalises a row while it is in the cache; rows in parallel.
  public func addAndNormalize(
    _ values: Tensor, to target: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.addAndNormalize(values, to: target, weight: weight, into: output)
    guard case .plain(let weightType) = weight.entry.format else { return }
    let (source, sums, normed) = (HostTensor(values), HostTensor(target), HostTensor(output))
    let factors = weight.payload.startOnHost
    let columns = target.columnCount
    pool.run(count: target.rowCount, grain: Self.elementGrain / max(columns, 1)) { rows in
      for row in rows {
        let first = row * columns
        ferry_add(
          level.rawValue, source.at(first), source.type, sums.at(first), sums.type, Int64(columns))
        ferry_rms_norm(
          level.rawValue, sums.at(first), sums.type, factors, weightType.kernelType, epsilon,
          normed.at(first), normed.type, Int64(columns))
      }
    }
  }

  /// Rotates in f32; rows in parallel.
  public func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position
  ) throws {
    let first = try checks.number(firstPosition)
    try checks.rotate(values, heads: heads, tables: tables, firstPosition: .number(first))
    let target = HostTensor(values)
    let table = HostTensor(tables)
    let columns = values.columnCount
    pool.run(count: values.rowCount, grain: Self.elementGrain / max(columns, 1)) { rows in
      for row in rows {
        rotate(target.at(row * columns), target.type, heads, table, position: first + row)
      }
    }
  }

  /// Rotates all heads of one row.
  private func rotate(
    _ row: UnsafeMutableRawPointer, _ type: Int32, _ heads: HeadShape, _ table: HostTensor,
    position: Int
  ) {
    let half = heads.rotarySize / 2
    let cosines = position * 2 * half
    let headBytes = heads.size * (type == Int32(FERRY_F32) ? 4 : 2)
    for head in 0..<heads.count {
      ferry_rotate(
        level.rawValue, row + head * headBytes, type, table.at(cosines),
        table.at(cosines + half), Int64(half))
    }
  }

  /// Copies rows, converted where the types differ.
  public func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Position) throws {
    let row = try checks.number(firstRow)
    try checks.store(values, intoRowsOf: cache, at: .number(row))
    let (source, target) = (HostTensor(values), HostTensor(cache))
    let first = row * cache.columnCount
    pool.run(count: values.count, grain: Self.elementGrain) { range in
      ferry_convert(
        level.rawValue, source.at(range.lowerBound), source.type,
        target.at(first + range.lowerBound), target.type, Int64(range.count))
    }
  }

  /// The operations it stands for; a row of keys is rotated beside where it lies.
  public func rotateAndStore(
    _ rows: ProjectedRows, tables: Tensor, into cache: CachedRows, at firstRow: Position
  ) throws {
    let first = try checks.number(firstRow)
    try checks.rotateAndStore(rows, tables: tables, into: cache, at: .number(first))
    try rotate(rows.queries, heads: rows.queryHeads, tables: tables, firstPosition: 0)
    try store(rows.values, intoRowsOf: cache.values, at: .number(first))
    let (keys, target, table) = (HostTensor(rows.keys), HostTensor(cache.keys), HostTensor(tables))
    let columns = rows.keys.columnCount
    pool.run(count: rows.keys.rowCount, grain: Self.elementGrain / max(columns, 1)) { range in
      let turned = Scratch<Float>(count: columns)
      let row = UnsafeMutableRawPointer(turned.start)
      for index in range {
        row.copyMemory(
          from: keys.at(index * columns), byteCount: columns * keys.elementType.byteCount)
        rotate(row, keys.type, rows.keyHeads, table, position: index)
        ferry_convert(
          level.rawValue, row, keys.type, target.at((first + index) * columns), target.type,
          Int64(columns))
      }
    }
  }

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
