import FerryFormats
public import FerryTensors

extension ReferenceOperations {
  /// Rows of a table: the whole table decoded, then picked from.
  public func gatherRows(
    _ tokens: TokenList, of table: WeightView, into output: Tensor
  ) throws {
    let tokens = try checks.numbers(tokens)
    try checks.gatherRows(.numbers(tokens), of: table, into: output)
    let values = try table.values()
    let columns = table.columnCount
    output.write(
      tokens.flatMap { token in values[Int(token) * columns..<(Int(token) + 1) * columns] })
  }

  /// Decodes by the format's own rule: one product rounded to f32, then one rounding to the output.
  public func dequantize(_ weight: WeightView, into output: Tensor) throws {
    try checks.dequantize(weight, into: output)
    output.write(try weight.values())
  }

  /// Encodes by the format's own rule.
  public func quantize(_ values: Tensor, into weight: WeightView) throws -> Float {
    try checks.quantize(values, into: weight)
    let parts = weight.parts.map { UnsafeMutableRawBufferPointer(mutating: $0.bytesOnHost) }
    return try weight.entry.format.encode(
      values.view.bytesOnHost, of: values.elementType, shape: weight.entry.shape, into: parts)
  }
}
