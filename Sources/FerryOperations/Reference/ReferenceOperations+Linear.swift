import FerryFormats
public import FerryTensors

extension ReferenceOperations {
  /// Products of decoded weights in f64, or for an int8 weight the arithmetic of ``LLMInt8Product``.
  public func linear(
    _ input: Tensor, weight: WeightView, bias: WeightView?, arithmetic: LinearArithmetic,
    into output: Tensor
  ) throws {
    try checks.linear(input, weight: weight, bias: bias, arithmetic: arithmetic, into: output)
    let biases = try bias?.values() ?? [Float](repeating: 0, count: weight.rowCount)
    let sums =
      if case .int8Rows = weight.entry.format, case .llmInt8(let threshold) = arithmetic {
        LLMInt8Product(input, weight, threshold: threshold).sums()
      } else {
        try Self.sums(input, weight)
      }
    output.write(
      sums.enumerated().map { index, sum in Float(sum + Double(biases[index % biases.count])) })
  }

  /// `sums[m, n] = Σ_k input[m, k] · weight[n, k]` in f64, over k in order.
  private static func sums(_ input: Tensor, _ weight: WeightView) throws -> [Double] {
    let columns = weight.columnCount
    let (values, wide) = (input.values(), try weight.values().map(Double.init))
    return (0..<input.rowCount).flatMap { row in
      (0..<weight.rowCount).map { output in
        (0..<columns).reduce(0.0) { sum, k in
          sum + Double(values[row * columns + k]) * wide[output * columns + k]
        }
      }
    }
  }
}
