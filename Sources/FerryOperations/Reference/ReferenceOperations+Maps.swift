import FerryFormats
public import FerryTensors

extension ReferenceOperations {
  /// Sums in f64 over channels, then rows, then columns of the weight; one rounding to f32 before the
  /// slope is applied in f32.
  public func convolve(
    _ input: Tensor, weight: WeightView, bias: WeightView?, activation: Activation,
    into output: Tensor
  ) throws {
    try checks.convolve(
      input, weight: weight, bias: bias, activation: activation, into: output)
    let outputs = weight.rowCount
    let biases = try bias?.values() ?? [Float](repeating: 0, count: outputs)
    let slopes = try activation.slopes(outputs)
    let product = ReferenceConvolution(input, try weight.values(), size: weight.entry.shape[3])
    let pixels = product.height * product.width
    output.write(
      (0..<outputs * pixels).map { index in
        let (output, pixel) = (index / pixels, index % pixels)
        let sum = product.sum(output, y: pixel / product.width, x: pixel % product.width)
        let value = Float(sum + Double(biases[output]))
        return value < 0 ? value * slopes[output] : value
      })
  }

  /// A product and a sum, each rounded to f32.
  public func addScaled(
    _ values: Tensor, by scale: Float, to base: Tensor, into output: Tensor
  ) throws {
    try checks.addScaled(values, to: base, into: output)
    output.write(
      zip(base.values(), values.values()).map { base, value in
        let product = scale * value
        return base + product
      })
  }

  /// At most one sum rounded to f32 an element.
  public func shufflePixels(_ input: Tensor, adding base: Tensor?, into output: Tensor) throws {
    let factor = try checks.shufflePixels(input, adding: base, into: output)
    let (values, bases) = (input.values(), base?.values())
    let (_, height, width) = input.mapShape
    spread(factor, over: output) { channel, y, x, i, j in
      let source = channel * factor * factor + i * factor + j
      let value = values[(source * height + y) * width + x]
      return bases.map { $0[(channel * height + y) * width + x] + value } ?? value
    }
  }

  /// Copies.
  public func repeatPixels(_ input: Tensor, into output: Tensor) throws {
    let factor = try checks.repeatPixels(input, into: output)
    let values = input.values()
    let (_, height, width) = input.mapShape
    spread(factor, over: output) { channel, y, x, _, _ in
      values[(channel * height + y) * width + x]
    }
  }

  /// Writes what `value` gives for each channel, pixel of the smaller map, and place in its square.
  private func spread(
    _ factor: Int, over output: Tensor, _ value: (Int, Int, Int, Int, Int) -> Float
  ) {
    let (channels, height, width) = output.mapShape
    output.write(
      (0..<channels * height * width).map { index in
        let (x, y) = (index % width, index / width % height)
        return value(index / (height * width), y / factor, x / factor, y % factor, x % factor)
      })
  }
}

extension Activation {
  /// The factor of negative values, for each of `count` channels.
  func slopes(_ count: Int) throws(FormatError) -> [Float] {
    switch self {
    case .none: Array(repeating: 1, count: count)
    case .leakyReLU(let slope): Array(repeating: slope, count: count)
    case .parametricReLU(let slopes): try slopes.values()
    }
  }
}

/// The sums of a convolution.
private struct ReferenceConvolution {
  let height: Int, width: Int
  private let channels: Int, size: Int
  private let input: [Double], weight: [Double]

  init(_ input: Tensor, _ weight: [Float], size: Int) {
    (channels, height, width) = input.mapShape
    self.input = input.values().map(Double.init)
    self.weight = weight.map(Double.init)
    self.size = size
  }

  /// The sum of one output at one pixel; what lies outside the map is zero.
  func sum(_ output: Int, y: Int, x: Int) -> Double {
    var sum = 0.0
    for channel in 0..<channels {
      for i in 0..<size {
        let row = y + i - size / 2
        guard (0..<height).contains(row) else { continue }
        for j in 0..<size {
          let column = x + j - size / 2
          guard (0..<width).contains(column) else { continue }
          sum +=
            weight[((output * channels + channel) * size + i) * size + j]
            * input[(channel * height + row) * width + column]
        }
      }
    }
    return sum
  }
}
