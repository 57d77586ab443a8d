import FerryDevices
import FerryFormats
public import FerryTensors

extension KernelOperations {
  /// Pixels of a tile, and outputs, that a group computes; see convolution.cl.
  private static let convolutionTile = (width: 32, height: 8, outputs: 16)

  /// Threads along the first axis of a grid over a map.
  private static let mapSpan = 1 << 15

  /// Sums in f32 over channels in order; tiles of pixels and weights in local memory.
  public func convolve(
    _ input: Tensor, weight: WeightView, bias: WeightView?, activation: Activation,
    into output: Tensor
  ) throws {
    try checks.convolve(
      input, weight: weight, bias: bias, activation: activation, into: output)
    try requireAlignment(input, output)
    for operand in [weight, bias, activation.slopes].compactMap(\.self) {
      try requireAlignment(operand)
    }
    let (outputs, size, tile) = (weight.rowCount, weight.entry.shape[3], Self.convolutionTile)
    let (channels, height, width) = input.mapShape
    try launch(
      .convolve, ["SIZE": "\(size)"],
      groups: GridSize(
        width.blocks(of: tile.width), height.blocks(of: tile.height),
        outputs.blocks(of: tile.outputs)),
      of: Self.groupSize,
      input.typed + WeightView?(weight).typed(orElse: weight) + bias.typed(orElse: weight)
        + activation.slopes.typed(orElse: weight) + [.float(activation.slope)] + output.typed
        + [channels, outputs, height, width].map { .uint32(UInt32($0)) })
  }

  /// One thread an element.
  public func addScaled(
    _ values: Tensor, by scale: Float, to base: Tensor, into output: Tensor
  ) throws {
    try checks.addScaled(values, to: base, into: output)
    try requireAlignment(values, base, output)
    guard output.count > 0 else { return }
    try launchMap(
      .addScaled, count: output.count,
      values.typed + [.float(scale)] + base.typed + output.typed
        + [.uint64(UInt64(output.count))])
  }

  /// One thread an element.
  public func shufflePixels(_ input: Tensor, adding base: Tensor?, into output: Tensor) throws {
    let factor = try checks.shufflePixels(input, adding: base, into: output)
    try spread(input, factor, adding: base, into: output, isShuffled: true)
  }

  /// One thread an element.
  public func repeatPixels(_ input: Tensor, into output: Tensor) throws {
    let factor = try checks.repeatPixels(input, into: output)
    try spread(input, factor, adding: nil, into: output, isShuffled: false)
  }

  /// Starts at least `count` threads, numbered by MAP_INDEX of maps.cl.
  private func launchMap(
    _ kernel: OperationKernel, count: Int, _ arguments: [KernelArgument]
  ) throws {
    let grid = GridSize(
      min(count, Self.mapSpan).blocks(of: Self.groupSize), count.blocks(of: Self.mapSpan))
    try launch(kernel, [:], groups: grid, of: Self.groupSize, arguments)
  }

  private func spread(
    _ input: Tensor, _ factor: Int, adding base: Tensor?, into output: Tensor, isShuffled: Bool
  ) throws {
    try requireAlignment(input, base ?? input, output)
    let (_, height, width) = input.mapShape
    let baseArguments = base?.typed ?? [.buffer(input.view), .uint32(0)]
    try launchMap(
      .spreadPixels, count: output.count,
      input.typed + baseArguments + output.typed
        + [factor, isShuffled ? 1 : 0, height, width].map { .uint32(UInt32($0)) }
        + [.uint64(UInt64(output.count))])
  }
}

extension Tensor {
  /// A buffer and the number of its type.
  fileprivate var typed: [KernelArgument] {
    [.buffer(view), .uint32(elementType.kernelNumber)]
  }
}

extension WeightView? {
  /// The buffer of a plain weight and the number of its type; without one another's buffer, unread.
  fileprivate func typed(orElse other: WeightView) -> [KernelArgument] {
    guard let weight = self, case .plain(let type) = weight.entry.format else {
      return [.buffer(other.payload), .uint32(0)]
    }
    return [.buffer(weight.payload), .uint32(type.kernelNumber)]
  }
}

extension Activation {
  /// The slopes of channels, where they differ.
  fileprivate var slopes: WeightView? {
    if case .parametricReLU(let slopes) = self { slopes } else { nil }
  }

  /// The slope of all channels, where it is one.
  fileprivate var slope: Float {
    if case .leakyReLU(let slope) = self { slope } else { 1 }
  }
}
