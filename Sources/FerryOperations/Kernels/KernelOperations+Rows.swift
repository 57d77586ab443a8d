import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// Tokens that one launch takes as arguments.
  private static let tokensPerLaunch = 16

  /// Decodes the rows that are asked for, and no others.
  public func gatherRows(
    _ tokens: TokenList, of table: WeightView, into output: Tensor
  ) throws {
    try checks.gatherRows(tokens, of: table, into: output)
    try requireAlignment(output)
    try requireAlignment(table)
    guard output.count > 0 else { return }
    switch tokens {
    case .numbers(let numbers): try gather(numbers, of: table, into: output)
    case .words(let view):
      try launch(
        .gatherListedRows, gatherDefines(table, output), groups: gatherGroups(table, tokens.count),
        of: Self.groupSize,
        table.kernelArguments + [
          .buffer(output.view), .uint32(UInt32(table.columnCount)), .buffer(view),
          .uint32(UInt32(table.rowCount)),
        ])
    }
  }

  private func gather(
    _ tokens: [Int32], of table: WeightView, into output: Tensor
  ) throws {
    for first in stride(from: 0, to: tokens.count, by: Self.tokensPerLaunch) {
      let range = first..<min(first + Self.tokensPerLaunch, tokens.count)
      let unused = Array(repeating: Int32(0), count: Self.tokensPerLaunch - range.count)
      try launch(
        .gatherRows, gatherDefines(table, output), groups: gatherGroups(table, range.count),
        of: Self.groupSize,
        table.kernelArguments
          + [
            .buffer(output.reshaped([tokens.count, table.columnCount]).rows(range).view),
            .uint32(UInt32(table.columnCount)),
          ] + (tokens[range] + unused).map { .int32($0) })
    }
  }

  private func gatherDefines(_ table: WeightView, _ output: Tensor) -> [String: String] {
    ["FORMAT": table.kernelFormat, "OUTPUT": output.elementType.rawValue]
  }

  private func gatherGroups(_ table: WeightView, _ count: Int) -> GridSize {
    GridSize(table.columnCount.blocks(of: Self.groupSize), count)
  }

  /// One group of threads a row.
  public func rmsNorm(
    _ input: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.rmsNorm(input, weight: weight, into: output)
    try normalize(input, weight: weight, epsilon: epsilon, into: output)
  }

  /// One group of threads a row, which is read once.
  public func addAndNormalize(
    _ values: Tensor, to target: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.addAndNormalize(values, to: target, weight: weight, into: output)
    try requireAlignment(values)
    guard library.offers(.addRMSNorm, normDefines(target, values, weight, output)) else {
      try add(values, to: target)
      return try normalize(target, weight: weight, epsilon: epsilon, into: output)
    }
    try normalize(target, adding: values, weight: weight, epsilon: epsilon, into: output)
  }

  private func normDefines(
    _ input: Tensor, _ added: Tensor?, _ weight: WeightView, _ output: Tensor
  ) -> [String: String] {
    var defines = [
      "INPUT": input.elementType.rawValue, "SCALE": weight.kernelFormat,
      "OUTPUT": output.elementType.rawValue, "THREADS": "\(threads)",
    ]
    defines["ADDED"] = added?.elementType.rawValue
    return defines
  }

  private func normalize(
    _ input: Tensor, adding added: Tensor? = nil, weight: WeightView, epsilon: Float,
    into output: Tensor
  ) throws {
    try requireAlignment(input, output)
    try requireAlignment(weight)
    guard input.count > 0 else { return }
    try launch(
      added == nil ? .rmsNorm : .addRMSNorm, normDefines(input, added, weight, output),
      groups: GridSize(input.rowCount), of: threads,
      (added.map { [.buffer($0.view)] } ?? []) + [
        .buffer(input.view), .buffer(weight.payload), .buffer(output.view),
        .uint32(UInt32(input.columnCount)), .float(epsilon),
      ])
  }
}

// MARK: - Positions

extension KernelOperations {
  /// One thread a pair.
  public func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Position
  ) throws {
    try checks.rotate(values, heads: heads, tables: tables, firstPosition: firstPosition)
    try requireAlignment(values, tables)
    let pairs = heads.count * heads.rotarySize / 2
    guard pairs > 0, values.rowCount > 0 else { return }
    try launch(
      .rotate, ["VALUES": values.elementType.rawValue],
      groups: GridSize(pairs.blocks(of: Self.groupSize), values.rowCount), of: Self.groupSize,
      [.buffer(values.view), .buffer(tables.view)] + heads.kernelArguments
        + firstPosition.kernelArguments(unread: tables.view) + [.uint32(UInt32(tables.shape[0]))])
  }

  /// One thread an element.
  public func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Position) throws {
    try checks.store(values, intoRowsOf: cache, at: firstRow)
    try requireAlignment(values, cache)
    guard values.count > 0 else { return }
    try launchFlat(
      .store, [:], count: values.count,
      [
        .buffer(values.view), .buffer(cache.view), .uint64(UInt64(values.count)),
        .uint32(UInt32(values.columnCount)),
      ] + firstRow.kernelArguments(unread: values.view) + [.uint32(UInt32(cache.rowCount))]
        + [values, cache].typeNumbers)
  }

  /// One thread an element of a head.
  public func rotateAndStore(
    _ rows: ProjectedRows, tables: Tensor, into cache: CachedRows, at firstRow: Position
  ) throws {
    try checks.rotateAndStore(rows, tables: tables, into: cache, at: firstRow)
    try requireAlignment(rows.queries, rows.keys, rows.values, tables, cache.keys, cache.values)
    let heads = rows.queryHeads.count + 2 * rows.keyHeads.count
    guard rows.queries.rowCount > 0 else { return }
    let tensors = [rows.queries, rows.keys, rows.values, cache.keys, cache.values]
    try launch(
      .rotateAndStore, [:],
      groups: GridSize((heads * rows.keyHeads.size).blocks(of: Self.groupSize), rows.keys.rowCount),
      of: Self.groupSize,
      (tensors[..<3] + [tables] + tensors[3...]).map { .buffer($0.view) }
        + [.uint32(UInt32(rows.queryHeads.count))] + rows.keyHeads.kernelArguments
        + firstRow.kernelArguments(unread: tables.view)
        + [.uint32(UInt32(min(cache.keys.rowCount, cache.values.rowCount)))] + tensors.typeNumbers)
  }
}

extension [Tensor] {
  /// The types, for load_element of the dialect.
  var typeNumbers: [KernelArgument] { map { .uint32($0.elementType.kernelNumber) } }
}

extension HeadShape {
  /// heads, size, half_count
  fileprivate var kernelArguments: [KernelArgument] {
    [count, size, rotarySize / 2].map { .uint32(UInt32($0)) }
  }
}

extension Position {
  /// POSITION of the dialect; `unread` stands in for the word of a number.
  func kernelArguments(unread: BufferView) -> [KernelArgument] {
    switch self {
    case .number(let number): [.buffer(unread), .uint32(0), .uint32(UInt32(number))]
    case .word(let word): [.buffer(word), .uint32(1), .uint32(0)]
    }
  }
}
