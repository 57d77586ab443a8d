public import FerryTensors
import Glibc

extension ReferenceOperations {
  /// gate / (1 + exp(−gate)) · up, in f64.
  public func siluMultiply(gate: Tensor, up: Tensor, into output: Tensor) throws {
    try checks.siluMultiply(gate: gate, up: up, into: output)
    output.write(
      zip(gate.values(), up.values()).map { gate, up in
        Float(Double(gate) / (1 + exp(-Double(gate))) * Double(up))
      })
  }

  /// x / 2 · erfc(−x / √2), in f64: the same, and exact for large negative x too.
  ///
  /// Source: D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
  public func gelu(_ input: Tensor, into output: Tensor) throws {
    try checks.gelu(input, into: output)
    output.write(
      input.values().map { x in Float(Double(x) / 2 * erfc(-Double(x) * 0.5.squareRoot())) })
  }

  /// One sum rounded to f32 an element.
  public func add(_ values: Tensor, to target: Tensor) throws {
    try checks.add(values, to: target)
    target.write(zip(target.values(), values.values()).map { $0 + $1 })
  }

  /// The operations it stands for, one after the other.
  public func addAndNormalize(
    _ values: Tensor, to target: Tensor, weight: WeightView, epsilon: Float, into output: Tensor
  ) throws {
    try checks.addAndNormalize(values, to: target, weight: weight, into: output)
    try add(values, to: target)
    try rmsNorm(target, weight: weight, epsilon: epsilon, into: output)
  }
}
