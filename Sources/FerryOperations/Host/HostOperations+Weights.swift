import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// Decodes the rows asked for and no others.
  public func gatherRows(
    _ tokens: TokenList, of table: WeightView, into output: Tensor
  ) throws {
    let tokens = try checks.numbers(tokens)
    try checks.gatherRows(.numbers(tokens), of: table, into: output)
    let weight = ferry_weight(table)
    let target = HostTensor(output)
    let columns = table.columnCount
    pool.run(count: tokens.count, grain: Self.elementGrain / max(columns, 1)) { range in
      withUnsafePointer(to: weight) { weight in
        for row in range {
          ferry_decode(
            level.rawValue, weight, Int64(tokens[row]) * Int64(columns), Int64(columns),
            target.at(row * columns), target.type)
        }
      }
    }
  }

  /// Decodes with one product rounded to f32 and one rounding to the output: the reference's bits.
  public func dequantize(_ weight: WeightView, into output: Tensor) throws {
    try checks.dequantize(weight, into: output)
    let source = ferry_weight(weight)
    let target = HostTensor(output)
    let byteCount = output.count * output.elementType.byteCount
    let decode = byteCount < streamedByteCount ? ferry_decode : ferry_decode_streaming
    pool.run(count: output.count, grain: Self.elementGrain) { range in
      withUnsafePointer(to: source) { source in
        decode(
          level.rawValue, source, Int64(range.lowerBound), Int64(range.count),
          target.at(range.lowerBound), target.type)
      }
    }
  }

  /// Encodes to the reference's bytes; blocks in parallel.
  public func quantize(_ values: Tensor, into weight: WeightView) throws -> Float {
    try checks.quantize(values, into: weight)
    return try HostEncoder(values, weight, on: self).encode()
  }
}
