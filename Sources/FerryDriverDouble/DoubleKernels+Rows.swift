import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension DoubleKernels {
  /// Kernels whose groups take rows.
  static let rows = [
    DoubleKernel(
      "gather_rows", of: "gatherRows",
      KernelWeight.letters + "bu" + String(repeating: "i", count: 16), gatherRows),
    DoubleKernel("rms_norm", of: "rmsNorm", "bbbuf", rmsNorm),
    DoubleKernel("rotate_pairs", of: "rotate", "bbuuuu", rotate),
  ]

  private static func gatherRows(_ run: KernelRun) throws {
    let weight = try KernelWeight(run)
    let (output, columns) = (try run.buffer(), try run.count())
    let tokens = try (0..<16).map { _ in try run.int() }.prefix(run.groups.y)
    try run.require(run.groups.x * run.groupSize.x >= columns, "columns are left out")
    try run.require(tokens.allSatisfy { $0 >= 0 }, "a token is negative")
    let rows = Int(tokens.max() ?? 0) + 1
    try run.operations().gatherRows(
      Array(tokens), of: try weight.view(try run.define("FORMAT"), rows: rows, columns: columns),
      into: try output.tensor(try run.type("OUTPUT"), [tokens.count, columns]))
  }

  private static func rmsNorm(_ run: KernelRun) throws {
    let (input, weight, output) = (try run.buffer(), try run.buffer(), try run.buffer())
    let (columns, epsilon) = (try run.count(), try run.float())
    try run.require(
      run.groupSize.x == (try run.number("THREADS")), "the group is not THREADS wide")
    let shape = [run.groups.x, columns]
    try run.operations().rmsNorm(
      try input.tensor(try run.type("INPUT"), shape),
      weight: try weight.plainWeight(try run.type("SCALE"), columns), epsilon: epsilon,
      into: try output.tensor(try run.type("OUTPUT"), shape))
  }

  private static func rotate(_ run: KernelRun) throws {
    let (values, tables) = (try run.buffer(), try run.buffer())
    let (heads, size) = (try run.count(), try run.count())
    let (half, first) = (try run.count(), try run.count())
    let rows = run.groups.y
    try run.require(run.groups.x * run.groupSize.x >= heads * half, "pairs are left out")
    try run.operations().rotate(
      try values.tensor(try run.type("VALUES"), [rows, heads * size]),
      heads: HeadShape(count: heads, size: size, rotarySize: 2 * half),
      tables: try tables.tensor(.f32, [first + rows, 2, half]), firstPosition: first)
  }
}
