import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension DoubleKernels {
  /// Kernels of linear layers on matrix units. How they compute is their own; the double computes what
  /// they are for, as the reference does.
  static let tiles = [
    DoubleKernel(
      "linear_rows", of: "linearRows", "b" + KernelWeight.letters + "ububuuuuuububbu",
      format: "int8_codes", codedRows),
    DoubleKernel(
      "linear_rows", of: "linearRows", "b" + KernelWeight.letters + "ububuuuuuu", linearRows),
    DoubleKernel(
      "coded_tiles", of: "codedTiles", "b" + KernelWeight.letters + "uububuuuu", codedTiles),
    DoubleKernel("matrix_tiles", of: "matrixTiles", "bbbubuuuu", matrixTiles),
    DoubleKernel("int8_tiles", of: "matrixTiles", "bbbbubbbubuuuu", int8Tiles),
  ]

  // MARK: Few rows

  private static func linearRows(_ run: KernelRun) throws {
    let (input, weight) = (try run.buffer(), try KernelWeight(run))
    let isFP4 = try run.count() == 1
    let (bias, result) = (try KernelBias(run), try KernelResult(run))
    try requireFewRows(run, result)
    let type = try run.type("INPUT")
    let name =
      switch try run.define("FORMAT") {
      case "four_bit": isFP4 ? "fp4" : "nf4"
      case "four_bit_nested": isFP4 ? "fp4_nested" : "nf4_nested"
      case "plain": type.rawValue
      case let other: other
      }
    try result.multiply(input, type, try weight.view(name, result), bias)
  }

  private static func codedRows(_ run: KernelRun) throws {
    let (codes, weight) = (try run.buffer(), try KernelWeight(run))
    _ = try run.count()
    let (bias, result) = (try KernelBias(run), try KernelResult(run))
    try requireFewRows(run, result)
    let (input, type) = (try run.buffer(), try run.activationType())
    let (absmax, list) = (try run.buffer(), try run.buffer())
    let product = IntegerProduct(
      input: input, codes: codes, absmax: absmax, list: try run.count() != 0 ? list : nil,
      payload: weight.payload, scales: weight.scales)
    try result.store(product, type, bias)
  }

  /// Whether the grid has columns of activations for each row, of as many parts as a step has blocks.
  private static func requireFewRows(_ run: KernelRun, _ result: KernelResult) throws {
    let (parts, steps) = (try run.count(), try run.count())
    let rows = run.groups.y * (try run.number("TILES")) * (8 >> parts)
    try run.require(rows >= result.rows && run.groupSize.x == 256, "rows are left out")
    try run.require(8 * steps * 128 >= result.columns, "columns are left out")
  }

  // MARK: Many rows

  private static func codedTiles(_ run: KernelRun) throws {
    let (input, weight) = (try run.buffer(), try KernelWeight(run))
    let (isFP4, isNested) = (try run.count() == 1, try run.count() == 1)
    let (bias, result) = (try KernelBias(run), try KernelResult(run))
    try requireTiles(run, result, outputs: 64, rows: 8)
    let fourBit = (isFP4 ? "fp4" : "nf4") + (isNested ? "_nested" : "")
    let name = try run.number("BITS") == 4 ? fourBit : "int8_rows"
    try result.multiply(input, try run.type("PRODUCT"), try weight.view(name, result), bias)
  }

  private static func matrixTiles(_ run: KernelRun) throws {
    let (input, weight) = (try run.buffer(), try run.buffer())
    let (bias, result) = (try KernelBias(run), try KernelResult(run))
    try requireTiles(run, result, outputs: 32, rows: 16)
    let type = try run.type("PRODUCT")
    let plain = try weight.plainWeight(type, result.outputs, result.columns)
    try result.multiply(input, type, plain, bias)
  }

  private static func int8Tiles(_ run: KernelRun) throws {
    let product = try IntegerProduct(run)
    let (bias, result) = (try KernelBias(run), try KernelResult(run))
    try requireTiles(run, result, outputs: 32, rows: 16)
    try result.store(product, try run.type("INPUT"), bias)
  }

  /// Whether groups of so many outputs and rows a tile cover the result.
  private static func requireTiles(
    _ run: KernelRun, _ result: KernelResult, outputs: Int, rows: Int
  ) throws {
    let (weightTiles, inputTiles) = (
      try run.number("WEIGHT_TILES"), try run.number("INPUT_TILES")
    )
    try run.require(run.groups.x * rows * inputTiles >= result.rows, "rows are left out")
    try run.require(run.groups.y * outputs * weightTiles >= result.outputs, "outputs are left out")
  }
}

/// Where a product goes: the output, its type, then rows, columns and outputs.
private struct KernelResult {
  private let run: KernelRun
  private let buffer: KernelBuffer
  private let type: ElementType
  let rows: Int
  let columns: Int
  let outputs: Int

  init(_ run: KernelRun) throws {
    self.run = run
    (buffer, type) = (try run.buffer(), try run.activationType())
    (rows, columns, outputs) = (try run.count(), try run.count(), try run.count())
  }

  func multiply(
    _ input: KernelBuffer, _ inputType: ElementType, _ weight: WeightView, _ bias: KernelBias
  ) throws {
    try run.operations().linear(
      try input.tensor(inputType, [rows, columns]), weight: weight,
      bias: try bias.weight(outputs), arithmetic: .weightOnly,
      into: try buffer.tensor(type, [rows, outputs]))
  }

  func store(_ product: IntegerProduct, _ inputType: ElementType, _ bias: KernelBias) throws {
    try product.store(
      rows: rows, columns: columns, outputs: outputs, input: inputType, bias, into: buffer,
      as: type)
  }
}

extension KernelWeight {
  fileprivate func view(_ name: String, _ result: KernelResult) throws -> WeightView {
    try view(name, rows: result.outputs, columns: result.columns)
  }
}
