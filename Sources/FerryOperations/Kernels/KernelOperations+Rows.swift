import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// Tokens that one launch takes.
  private static let tokensPerLaunch = 16

  /// Decodes the rows that are asked for, and no others.
  public func gatherRows(
    _ tokens: [Int32], of table: WeightView, into output: Tensor
  ) throws {
    try checks.gatherRows(tokens, of: table, into: output)
    try requireAlignment(output)
    try requireAlignment(table)
    guard output.count > 0 else { return }
    let defines = ["FORMAT": table.kernelFormat, "OUTPUT": output.elementType.rawValue]
    for first in stride(from: 0, to: tokens.count, by: Self.tokensPerLaunch) {
      let range = first..<min(first + Self.tokensPerLaunch, tokens.count)
      let unused = Array(repeating: Int32(0), count: Self.tokensPerLaunch - range.count)
      try launch(
        .gatherRows, defines,
        groups: GridSize(table.columnCount.blocks(of: Self.groupSize), range.count),
        of: Self.groupSize,
        table.kernelArguments
          + [
            .buffer(output.reshaped([tokens.count, table.columnCount]).rows(range).view),
            .uint32(UInt32(table.columnCount)),
          ] + (tokens[range] + unused).map { .int32($0) })
    }
  }

  /// One group of threads a row.
  public func rmsNorm(
    _ input: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.rmsNorm(input, weight: weight, into: output)
    try requireAlignment(input, output)
    try requireAlignment(weight)
    guard input.count > 0 else { return }
    try launch(
      .rmsNorm,
      [
        "INPUT": input.elementType.rawValue, "SCALE": weight.kernelFormat,
        "OUTPUT": output.elementType.rawValue, "THREADS": "\(threads)",
      ],
      groups: GridSize(input.rowCount), of: threads,
      [
        .buffer(input.view), .buffer(weight.payload), .buffer(output.view),
        .uint32(UInt32(input.columnCount)), .float(epsilon),
      ])
  }

  /// One thread a pair.
  public func rotate(
    _ values: Tensor, heads: HeadShape, tables: Tensor, firstPosition: Int
  ) throws {
    try checks.rotate(values, heads: heads, tables: tables, firstPosition: firstPosition)
    try requireAlignment(values, tables)
    let pairs = heads.count * heads.rotarySize / 2
    guard pairs > 0, values.rowCount > 0 else { return }
    try launch(
      .rotate, ["VALUES": values.elementType.rawValue],
      groups: GridSize(pairs.blocks(of: Self.groupSize), values.rowCount), of: Self.groupSize,
      [
        .buffer(values.view), .buffer(tables.view), .uint32(UInt32(heads.count)),
        .uint32(UInt32(heads.size)), .uint32(UInt32(heads.rotarySize / 2)),
        .uint32(UInt32(firstPosition)),
      ])
  }

  /// A copy of bytes, or a conversion where the types differ.
  public func store(_ values: Tensor, intoRowsOf cache: Tensor, at firstRow: Int) throws {
    try checks.store(values, intoRowsOf: cache, at: firstRow)
    try requireAlignment(values, cache)
    guard values.count > 0 else { return }
    let rows = cache.rows(firstRow..<firstRow + values.rowCount)
    if values.elementType == cache.elementType {
      try context.compute.copy(values.view, to: rows.view)
    } else {
      try convert(values, into: rows)
    }
  }

  /// Every element rounded once to another type.
  func convert(_ values: Tensor, into output: Tensor) throws {
    try launchFlat(
      .convert, elementwiseDefines(values, values, output), count: values.count,
      [.buffer(values.view), .buffer(output.view), .uint64(UInt64(values.count))])
  }
}
