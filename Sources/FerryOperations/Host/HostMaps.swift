import FerryFormats
import FerryTensors

/// The maps of a convolution, and what is done with each of its outputs.
struct HostMaps {
  let input: HostTensor
  let output: HostTensor
  /// Of the input: maps, rows and pixels of a row.
  let channels: Int, height: Int, width: Int
  /// Maps of the output.
  let outputs: Int
  /// Of each output: what is added, and what is negative is then multiplied by.
  let biases: [Float], slopes: [Float]

  init(
    _ input: Tensor, _ weight: WeightView, _ bias: WeightView?, _ activation: Activation,
    _ output: Tensor
  ) throws {
    self.input = HostTensor(input)
    self.output = HostTensor(output)
    (channels, height, width) = input.mapShape
    outputs = weight.rowCount
    biases = try bias?.values() ?? [Float](repeating: 0, count: outputs)
    slopes = try activation.slopes(outputs)
  }
}
