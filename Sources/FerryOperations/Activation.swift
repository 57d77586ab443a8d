public import FerryTensors

/// What a convolution applies to its sums.
public enum Activation: Sendable {
  /// Nothing.
  case none
  /// Negative values times a slope.
  case leakyReLU(slope: Float)
  /// Negative values times the slope of their channel: [O] plain.
  case parametricReLU(slopes: WeightView)
}

extension Tensor {
  /// The extents of a map: channels, rows, pixels of a row.
  var mapShape: (channels: Int, height: Int, width: Int) {
    precondition(shape.count == 3, "a map has three extents")
    return (shape[0], shape[1], shape[2])
  }
}
