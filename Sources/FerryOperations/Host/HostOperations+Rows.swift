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

  /// (x − mean) / sqrt(variance + ε) · weight + bias, in f32; rows in parallel.
  public func layerNorm(
    _ input: Tensor, weight: WeightView, bias: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.layerNorm(input, weight: weight, bias: bias, into: output)
    guard case .plain(let weightType) = weight.entry.format,
      case .plain(let biasType) = bias.entry.format
    else { return }
    let (source, target) = (HostTensor(input), HostTensor(output))
    let (factors, offsets) = (weight.payload.startOnHost, bias.payload.startOnHost)
    let columns = input.columnCount
    pool.run(count: input.rowCount, grain: Self.elementGrain / max(columns, 1)) { rows in
      for row in rows {
        ferry_layer_norm(
          level.rawValue, source.at(row * columns), source.type, factors, weightType.kernelType,
          offsets, biasType.kernelType, epsilon, target.at(row * columns), target.type,
          Int64(columns))
      }
    }
  }

  /// Sums in f32; spans in parallel.
  public func meanRows(_ spans: RowSpans, of input: Tensor, into output: Tensor) throws {
    try checks.meanRows(spans, of: input, into: output)
    let ranges = try checks.ranges(spans, in: input.rowCount)
    let (source, target) = (HostTensor(input), HostTensor(output))
    let columns = input.columnCount
    pool.run(count: ranges.count, grain: 1) { spans in
      for index in spans {
        let means = target.at(index * columns).assumingMemoryBound(to: Float.self)
        ferry_mean_rows(
          level.rawValue, source.at(ranges[index].lowerBound * columns), source.type,
          Int64(ranges[index].count), means, Int64(columns))
      }
    }
  }

  /// Rotates in f32; rows in parallel.
  public func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position
  ) throws {
    let first = try checks.number(firstPosition)
    try checks.rotate(values, heads: heads, tables: tables, firstPosition: .number(first))
    rotateRows(of: values, heads, tables, first)
  }

  private func rotateRows(
    of values: Tensor, _ heads: HeadShape, _ tables: Tensor, _ first: Int
  ) {
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
    storeRows(of: values, into: cache, at: row)
  }

  private func storeRows(of values: Tensor, into cache: Tensor, at row: Int) {
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
    rotateRows(of: rows.queries, rows.queryHeads, tables, 0)
    storeRows(of: rows.values, into: cache.values, at: first)
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
}
