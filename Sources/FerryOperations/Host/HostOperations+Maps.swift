import CHostKernels
import FerryFormats
public import FerryTensors

extension HostOperations {
  /// With 3 × 3 weights, and eight channels and outputs or more, by tiles of 4 × 4 pixels, which Winograd's
  /// algorithm computes with a quarter of the products; else in bands of rows, four outputs at a time.
  ///
  /// The sum of a pixel does not depend on how many threads there are. Of tiles, it is the same wherever all
  /// pixels that its tile sees are the same, (4 y - 1 ... 4 y + 4, 4 x - 1 ... 4 x + 4), and off from
  /// ``ReferenceOperations`` by at most (C + 32) · 2⁻²⁴ · Aᵗ(Σ G|w|Gᵗ · Bᵗ|x|B)A before its rounding to the
  /// output's type, with Winograd's matrices of magnitudes.
  public func convolve(
    _ input: Tensor, weight: WeightView, bias: WeightView?, activation: Activation,
    into output: Tensor
  ) throws {
    try checks.convolve(
      input, weight: weight, bias: bias, activation: activation, into: output)
    if HostTileConvolution.pays(for: weight) {
      try HostTileConvolution(input, weight, bias, activation, output, on: self).run()
    } else {
      try HostConvolution(input, weight, bias, activation, output, on: self).run()
    }
  }

  /// A product and a sum, each rounded to f32.
  public func addScaled(
    _ values: Tensor, by scale: Float, to base: Tensor, into output: Tensor
  ) throws {
    try checks.addScaled(values, to: base, into: output)
    let (source, bases, target) = (HostTensor(values), HostTensor(base), HostTensor(output))
    pool.run(count: values.count, grain: Self.elementGrain) { range in
      let first = range.lowerBound
      ferry_add_scaled(
        level.rawValue, source.at(first), source.type, scale, bases.at(first), bases.type,
        target.at(first), target.type, Int64(range.count))
    }
  }

  /// At most one sum rounded to f32 an element.
  public func shufflePixels(_ input: Tensor, adding base: Tensor?, into output: Tensor) throws {
    let factor = try checks.shufflePixels(input, adding: base, into: output)
    spread(input, factor, adding: base, into: output, isShuffled: true)
  }

  /// Copies.
  public func repeatPixels(_ input: Tensor, into output: Tensor) throws {
    let factor = try checks.repeatPixels(input, into: output)
    spread(input, factor, adding: nil, into: output, isShuffled: false)
  }

  /// Rows of the output, of pixels from as many channels as a square has columns, or of the same one.
  private func spread(
    _ input: Tensor, _ factor: Int, adding base: Tensor?, into output: Tensor, isShuffled: Bool
  ) {
    let (source, target) = (HostTensor(input), HostTensor(output))
    let bases = base.map { HostTensor($0) }
    let (_, height, width) = input.mapShape
    pool.run(count: output.rowCount, grain: Self.elementGrain / (width * factor)) { range in
      for row in range {
        let (channel, y, i) = (
          row / (height * factor), row / factor % height, row % factor
        )
        let first = isShuffled ? channel * factor * factor + i * factor : channel
        ferry_spread_row(
          level.rawValue, source.at((first * height + y) * width), source.type,
          isShuffled ? Int64(height * width) : 0, Int64(factor),
          bases?.at((channel * height + y) * width), bases?.type ?? 0,
          target.at(row * width * factor), target.type, Int64(width))
      }
    }
  }
}
