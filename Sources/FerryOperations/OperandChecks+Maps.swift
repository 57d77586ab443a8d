import FerryDevices
import FerryFormats
import FerryTensors

extension OperandChecks {
  /// ``Operations/convolve(_:weight:bias:activation:into:)``
  func convolve(
    _ input: Tensor, weight: WeightView, bias: WeightView?, activation: Activation,
    into output: Tensor
  ) throws(OperationError) {
    try map(input, "input")
    try map(output, "output")
    let (name, shape) = (weight.entry.name, weight.entry.shape)
    try expect(
      shape.count == 4 && shape[2] == shape[3] && [1, 3].contains(shape[2]),
      "the weight \(name) of a convolution has shape \(shape), not [outputs, inputs, k, k] with k 1 or 3"
    )
    try plain(weight, count: weight.entry.count, "convolution weight")
    if let bias { try plain(bias, count: shape[0], "bias") }
    if case .parametricReLU(let slopes) = activation {
      try plain(slopes, count: shape[0], "slopes")
    }
    try expect(
      input.shape[0] == shape[1] && output.shape == [shape[0]] + input.shape.dropFirst(),
      "input \(input.shape) and weight \(name) \(shape) do not give output \(output.shape)")
  }

  /// ``Operations/addScaled(_:by:to:into:)``
  func addScaled(_ values: Tensor, to base: Tensor, into output: Tensor) throws(OperationError) {
    try activations(values, "values")
    try activations(base, "base")
    try activations(output, "output")
    try sameCount(values, base)
    try sameCount(values, output)
  }

  /// ``Operations/shufflePixels(_:adding:into:)``; returns f.
  func shufflePixels(
    _ input: Tensor, adding base: Tensor?, into output: Tensor
  ) throws(OperationError) -> Int {
    let factor = try factor(input, output)
    try expect(
      input.shape[0] == factor * factor * output.shape[0],
      "\(input.shape[0]) channels are not \(factor * factor) for each of \(output.shape[0])")
    if let base {
      try map(base, "base")
      try expect(
        base.shape == [output.shape[0]] + input.shape.dropFirst(),
        "base \(base.shape) does not fit input \(input.shape) and output \(output.shape)")
    }
    return factor
  }

  /// ``Operations/repeatPixels(_:into:)``; returns f.
  func repeatPixels(_ input: Tensor, into output: Tensor) throws(OperationError) -> Int {
    let factor = try factor(input, output)
    try expect(
      input.shape[0] == output.shape[0],
      "input \(input.shape) and output \(output.shape) differ in channels")
    return factor
  }

  /// How many times as wide and as high the output is.
  private func factor(_ input: Tensor, _ output: Tensor) throws(OperationError) -> Int {
    try map(input, "input")
    try map(output, "output")
    let factor = output.shape[2] / max(input.shape[2], 1)
    try expect(
      factor > 0 && output.shape[2] == factor * input.shape[2]
        && output.shape[1] == factor * input.shape[1],
      "output \(output.shape) is not input \(input.shape), both sides times a whole number")
    return factor
  }

  private func map(_ tensor: Tensor, _ role: String) throws(OperationError) {
    try activations(tensor, role)
    try expect(
      tensor.shape.count == 3 && tensor.count > 0,
      "\(role) \(tensor.shape) is not a map of [channels, rows, pixels]")
  }
}
