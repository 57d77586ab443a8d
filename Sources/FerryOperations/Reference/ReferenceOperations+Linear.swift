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
        Self.sums(input.values(), try weight.values(), columns: weight.columnCount)
      }
    output.write(
      sums.enumerated().map { index, sum in Float(sum + Double(biases[index % biases.count])) })
  }

  /// `sums[m, n] = Σ_k input[m, k] · weight[n, k]` in f64, over k in order.
  private static func sums(_ input: [Float], _ weight: [Float], columns: Int) -> [Double] {
    guard columns > 0 else { return [] }
    let wide = weight.map(Double.init)
    return stride(from: 0, to: input.count, by: columns).flatMap { row in
      stride(from: 0, to: wide.count, by: columns).map { start in
        (0..<columns).reduce(0.0) { sum, k in sum + Double(input[row + k]) * wide[start + k] }
      }
    }
  }
}
