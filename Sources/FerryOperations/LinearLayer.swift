public import FerryTensors

/// One of several linear layers of the same activations.
public struct LinearLayer: Sendable {
  /// [N, K] in any format.
  public var weight: WeightView
  /// [N], plain.
  public var bias: WeightView?
  /// [rows, N]
  public var output: Tensor

  /// A layer.
  public init(_ weight: WeightView, bias: WeightView? = nil, into output: Tensor) {
    self.weight = weight
    self.bias = bias
    self.output = output
  }
}
