import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension DoubleKernels {
  /// Kernels of models that see a whole text at once.
  static let encoders = [
    DoubleKernel("layer_norm", of: "layerNorm", "bbbbufuu", layerNorm),
    DoubleKernel("attend_within", of: "attendWithin", "bbbbbuuufu", attendWithin),
    DoubleKernel("mean_rows", of: "meanRows", "bbbuu", meanRows),
    DoubleKernel("gelu", of: "gelu", "bbl", gelu),
  ]

  private static func layerNorm(_ run: KernelRun) throws {
    let buffers = try (0..<4).map { _ in try run.buffer() }
    let (columns, epsilon) = (try run.count(), try run.float())
    let types = try (0..<2).map { _ in try run.activationType() }
    try run.require(
      run.groupSize.x == (try run.number("THREADS")), "the group is not THREADS wide")
    let (type, shape) = (try run.type("TYPE"), [run.groups.x, columns])
    try run.operations().layerNorm(
      try buffers[0].tensor(type, shape), weight: try buffers[1].plainWeight(types[0], columns),
      bias: try buffers[2].plainWeight(types[1], columns), epsilon: epsilon,
      into: try buffers[3].tensor(type, shape))
  }

  private static func attendWithin(_ run: KernelRun) throws {
    let buffers = try (0..<5).map { _ in try run.buffer() }
    let (heads, keyHeads, rows) = (try run.count(), try run.count(), try run.count())
    let (scale, headSize) = (try run.float(), try run.count())
    try run.require(run.groups.x == heads, "there is no group for each head")
    try run.require(
      run.groups.z * 4 * (try run.number("THREADS")) >= headSize, "elements are left out")
    let (type, queries) = (try run.type("TYPE"), [run.groups.y, heads * headSize])
    let seen = [rows, keyHeads * headSize]
    try run.operations().attendWithin(
      RowSpans(try buffers[0].view(8 * run.groups.y)),
      queries: try buffers[1].tensor(type, queries), keys: try buffers[2].tensor(type, seen),
      values: try buffers[3].tensor(type, seen),
      shape: AttentionShape(
        heads: heads, keyValueHeads: keyHeads, headSize: headSize, scale: scale),
      into: try buffers[4].tensor(type, queries))
  }

  private static func meanRows(_ run: KernelRun) throws {
    let (spans, input, output) = (try run.buffer(), try run.buffer(), try run.buffer())
    let (rows, columns) = (try run.count(), try run.count())
    try run.require(run.groups.x * run.groupSize.x >= columns, "columns are left out")
    try run.operations().meanRows(
      RowSpans(try spans.view(8 * run.groups.y)),
      of: try input.tensor(try run.type("TYPE"), [rows, columns]),
      into: try output.tensor(.f32, [run.groups.y, columns]))
  }

  private static func gelu(_ run: KernelRun) throws {
    let (input, output) = (try run.buffer(), try run.buffer())
    let (count, type) = (try run.count(), try run.type("TYPE"))
    try run.requireFlat(count)
    try run.operations().gelu(
      try input.tensor(type, [count]), into: try output.tensor(type, [count]))
  }
}
