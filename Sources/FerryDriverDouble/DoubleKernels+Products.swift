import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension DoubleKernels {
  /// Kernels of linear layers.
  static let products = [
    DoubleKernel("linear", of: "linear", "b" + KernelWeight.letters + "bubuuuu", linear),
    DoubleKernel("int8_mark_outliers", of: "int8", "bbuuf", markOutliers),
    DoubleKernel("int8_list_outliers", of: "int8", "bbu", listOutliers),
    DoubleKernel("int8_quantize_rows", of: "int8", "bbbbuf", quantizeRows),
    DoubleKernel("int8_linear", of: "int8", "bbbbubbbubuuu", int8Linear),
  ]

  private static func linear(_ run: KernelRun) throws {
    let (input, weight) = (try run.buffer(), try KernelWeight(run))
    let (bias, output) = (try KernelBias(run), try run.buffer())
    let (rows, columns, outputs) = (try run.count(), try run.count(), try run.count())
    try run.require(try run.count() <= columns, "more wide columns than columns")
    try requireRowsAndOutputs(run, rows, outputs)
    try run.operations().linear(
      try input.tensor(try run.type("INPUT"), [rows, columns]),
      weight: try weight.view(try run.define("FORMAT"), rows: outputs, columns: columns),
      bias: try bias.weight(outputs), arithmetic: .weightOnly,
      into: try output.tensor(try run.type("OUTPUT"), [rows, outputs]))
  }

  /// Whether the grid has THREADS threads for each output of each row.
  private static func requireRowsAndOutputs(_ run: KernelRun, _ rows: Int, _ outputs: Int) throws {
    let (group, threads) = (try run.number("GROUP"), try run.number("THREADS"))
    try run.require(run.groupSize.x == group && group % threads == 0, "the group is not GROUP wide")
    try run.require(run.groups.x * group / threads >= outputs, "outputs are left out")
    try run.require(run.groups.y * (try run.number("ROWS")) >= rows, "rows are left out")
  }

  // MARK: LLM.int8()

  private static func markOutliers(_ run: KernelRun) throws {
    let (input, marks) = (try run.buffer(), try run.buffer())
    let (rows, columns, threshold) = (try run.count(), try run.count(), try run.float())
    try run.require(run.groups.x * run.groupSize.x >= columns, "columns are left out")
    try run.require(run.groups.y * 32 >= rows, "rows are left out")
    let values = try input.floats(rows * columns, try run.type("INPUT"))
    let flags = try marks.bytes(columns)
    for column in 0..<columns {
      let isMarked = (0..<rows).contains { values[$0 * columns + column].magnitude >= threshold }
      // Several groups of rows leave alone what they do not mark.
      if isMarked || run.groups.y == 1 { flags[column] = isMarked ? 1 : 0 }
    }
  }

  private static func listOutliers(_ run: KernelRun) throws {
    let (marks, list, columns) = (try run.buffer(), try run.buffer(), try run.count())
    try run.require(
      run.groups.count == 1 && run.groupSize.x == (try run.number("GROUP")), "not one group")
    let flags = try marks.bytes(columns)
    let found = (0..<columns).filter { flags[$0] != 0 }.map(UInt32.init)
    _ = try list.elements(found.count + 1, of: UInt32.self)
      .update(from: [UInt32(found.count)] + found)
  }

  private static func quantizeRows(_ run: KernelRun) throws {
    let (input, marks) = (try run.buffer(), try run.buffer())
    let (codes, absmax) = (try run.buffer(), try run.buffer())
    let (columns, threshold) = (try run.count(), try run.float())
    let rows = run.groups.x
    let values = try input.floats(rows * columns, try run.type("INPUT"))
    let flags = threshold > 0 ? Array(try marks.bytes(columns)) : []
    let output = try codes.elements(rows * columns, of: Int8.self)
    let scales = try absmax.elements(rows, of: Float.self)
    for row in 0..<rows {
      let elements = values[row * columns..<(row + 1) * columns]
      scales[row] = scale(of: elements, threshold)
      for (column, value) in elements.enumerated() {
        let isMarked = threshold > 0 && flags[column] != 0
        output[row * columns + column] = isMarked ? 0 : code(of: value, scales[row])
      }
    }
  }

  /// The largest magnitude below the threshold; NaN where there is one.
  private static func scale(of elements: ArraySlice<Float>, _ threshold: Float) -> Float {
    let inliers = elements.map(\.magnitude).filter { threshold <= 0 || !($0 >= threshold) }
    return inliers.contains { $0.isNaN } ? .nan : inliers.max() ?? 0
  }

  /// One rounded product, or where 127 / scale overflows a rounded quotient and a rounded product.
  private static func code(of value: Float, _ scale: Float) -> Int8 {
    guard scale > 0, scale.isFinite else { return 0 }
    let factor = 127 / scale
    let scaled = factor.isFinite ? value * factor : value / scale * 127
    return Int8(truncatingIfNeeded: Int(scaled.rounded(.toNearestOrEven)))
  }

  private static func int8Linear(_ run: KernelRun) throws {
    let product = try IntegerProduct(run)
    let (bias, output) = (try KernelBias(run), try run.buffer())
    let (rows, columns, outputs) = (try run.count(), try run.count(), try run.count())
    try requireRowsAndOutputs(run, rows, outputs)
    try product.store(
      rows: rows, columns: columns, outputs: outputs, input: try run.type("INPUT"), bias,
      into: output, as: try run.type("OUTPUT"))
  }
}
