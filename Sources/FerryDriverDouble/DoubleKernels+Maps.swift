import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension DoubleKernels {
  /// Kernels of maps.
  static let maps = [
    DoubleKernel("convolve", of: "convolution", "bubububufbuuuuu", convolve),
    DoubleKernel("add_scaled", of: "maps", "bufbubul", addScaled),
    DoubleKernel("spread_pixels", of: "maps", "bububuuuuul", spread),
  ]

  private static func convolve(_ run: KernelRun) throws {
    let operands = try (0..<4).map { _ in (buffer: try run.buffer(), type: try run.optionalType()) }
    let (slope, output, outputType) = (
      try run.float(), try run.buffer(), try run.activationType()
    )
    let (channels, outputs) = (try run.count(), try run.count())
    let (height, width) = (try run.count(), try run.count())
    let size = try run.number("SIZE")
    try run.require(
      run.groups.x * 32 >= width && run.groups.y * 8 >= height && run.groups.z * 16 >= outputs
        && run.groupSize.x == 128, "tiles of 32 × 8 pixels and 16 outputs leave some out")
    guard let inputType = operands[0].type, let weightType = operands[1].type else {
      throw KernelFault("input or weight have no type")
    }
    let slopes = try operands[3].type.map { try operands[3].buffer.plainWeight($0, outputs) }
    try run.operations().convolve(
      try operands[0].buffer.tensor(inputType, [channels, height, width]),
      weight: try operands[1].buffer.plainWeight(weightType, outputs, channels, size, size),
      bias: try operands[2].type.map { try operands[2].buffer.plainWeight($0, outputs) },
      activation: slopes.map { .parametricReLU(slopes: $0) } ?? .leakyReLU(slope: slope),
      into: try output.tensor(outputType, [outputs, height, width]))
  }

  private static func addScaled(_ run: KernelRun) throws {
    let (values, valuesType, scale) = (
      try run.buffer(), try run.activationType(), try run.float()
    )
    let (base, baseType) = (try run.buffer(), try run.activationType())
    let (output, outputType) = (try run.buffer(), try run.activationType())
    let count = try run.count()
    try requireThreads(run, count)
    try run.operations().addScaled(
      try values.tensor(valuesType, [count]), by: scale, to: try base.tensor(baseType, [count]),
      into: try output.tensor(outputType, [count]))
  }

  /// Whether the grid has a thread for each of `count` elements numbered by MAP_INDEX.
  private static func requireThreads(_ run: KernelRun, _ count: Int) throws {
    let width = run.groups.x * run.groupSize.x
    try run.require(
      run.groups.y == 1
        ? width >= count : width >= 1 << 15 && (run.groups.y - 1) << 15 + width >= count,
      "the grid \(run.groups) leaves out some of \(count) elements")
  }

  private static func spread(_ run: KernelRun) throws {
    let (input, inputType) = (try run.buffer(), try run.activationType())
    let (base, baseType) = (try run.buffer(), try run.optionalType())
    let (output, outputType) = (try run.buffer(), try run.activationType())
    let (factor, isShuffled) = (try run.count(), try run.count() != 0)
    let (height, width, count) = (try run.count(), try run.count(), try run.count())
    try requireThreads(run, count)
    let channels = count / (factor * factor * height * width)
    let target = try output.tensor(outputType, [channels, factor * height, factor * width])
    let source = try input.tensor(
      inputType, [channels * (isShuffled ? factor * factor : 1), height, width])
    guard isShuffled else { return try run.operations().repeatPixels(source, into: target) }
    try run.operations().shufflePixels(
      source, adding: try baseType.map { try base.tensor($0, [channels, height, width]) },
      into: target)
  }
}
