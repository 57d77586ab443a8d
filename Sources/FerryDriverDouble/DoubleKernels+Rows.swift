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
    DoubleKernel(
      "gather_listed_rows", of: "gatherRows", KernelWeight.letters + "bubu", gatherListedRows),
    DoubleKernel("rms_norm", of: "rmsNorm", "bbbuf") { run in try normalize(run, adding: nil) },
    DoubleKernel("add_rms_norm", of: "rmsNorm", "bbbbuf") { run in
      try normalize(run, adding: try run.buffer())
    },
    DoubleKernel("rotate_pairs", of: "rotate", "bbuuubuuu", rotate),
    DoubleKernel("store_rows", of: "store", "bblubuuuuu", store),
    DoubleKernel(
      "rotate_and_store", of: "rotateAndStore", "bbbbbbuuuubuuuuuuuu", rotateAndStore),
  ]

  private static func gatherRows(_ run: KernelRun) throws {
    let weight = try KernelWeight(run)
    let (output, columns) = (try run.buffer(), try run.count())
    let tokens = try (0..<16).map { _ in try run.int() }.prefix(run.groups.y)
    try run.require(run.groups.x * run.groupSize.x >= columns, "columns are left out")
    try run.require(tokens.allSatisfy { $0 >= 0 }, "a token is negative")
    let rows = Int(tokens.max() ?? 0) + 1
    try run.operations().gatherRows(
      .numbers(Array(tokens)),
      of: try weight.view(try run.define("FORMAT"), rows: rows, columns: columns),
      into: try output.tensor(try run.type("OUTPUT"), [tokens.count, columns]))
  }

  private static func gatherListedRows(_ run: KernelRun) throws {
    let weight = try KernelWeight(run)
    let (output, columns) = (try run.buffer(), try run.count())
    let (list, rows) = (try run.buffer(), try run.count())
    try run.require(run.groups.x * run.groupSize.x >= columns, "columns are left out")
    let tokens = Array(try list.elements(run.groups.y, of: Int32.self))
    try run.operations().gatherRows(
      .numbers(tokens),
      of: try weight.view(try run.define("FORMAT"), rows: rows, columns: columns),
      into: try output.tensor(try run.type("OUTPUT"), [tokens.count, columns]))
  }

  private static func normalize(_ run: KernelRun, adding added: KernelBuffer?) throws {
    let (input, weight, output) = (try run.buffer(), try run.buffer(), try run.buffer())
    let (columns, epsilon) = (try run.count(), try run.float())
    try run.require(
      run.groupSize.x == (try run.number("THREADS")), "the group is not THREADS wide")
    let shape = [run.groups.x, columns]
    let target = try input.tensor(try run.type("INPUT"), shape)
    if let added {
      try run.operations().add(try added.tensor(try run.type("ADDED"), shape), to: target)
    }
    try run.operations().rmsNorm(
      target, weight: try weight.plainWeight(try run.type("SCALE"), columns), epsilon: epsilon,
      into: try output.tensor(try run.type("OUTPUT"), shape))
  }

  private static func rotate(_ run: KernelRun) throws {
    let (values, tables) = (try run.buffer(), try run.buffer())
    let (heads, size, half) = (try run.count(), try run.count(), try run.count())
    let (first, positions) = (try run.position(), try run.count())
    let rows = run.groups.y
    try run.require(run.groups.x * run.groupSize.x >= heads * half, "pairs are left out")
    try run.operations().rotate(
      try values.tensor(try run.type("VALUES"), [rows, heads * size]),
      heads: HeadShape(count: heads, size: size, rotarySize: 2 * half),
      tables: try tables.tensor(.f32, [positions, 2, half]), firstPosition: .number(first))
  }

  private static func store(_ run: KernelRun) throws {
    let (values, cache) = (try run.buffer(), try run.buffer())
    let (count, columns) = (try run.count(), try run.count())
    let (first, capacity) = (try run.position(), try run.count())
    let types = try (0..<2).map { _ in try run.activationType() }
    try run.requireFlat(count)
    try run.operations().store(
      try values.tensor(types[0], [count / columns, columns]),
      intoRowsOf: try cache.tensor(types[1], [capacity, columns]), at: .number(first))
  }

  private static func rotateAndStore(_ run: KernelRun) throws {
    let buffers = try (0..<6).map { _ in try run.buffer() }
    let (heads, keyHeads) = (try run.count(), try run.count())
    let (size, half) = (try run.count(), try run.count())
    let (first, capacity) = (try run.position(), try run.count())
    let types = try (0..<5).map { _ in try run.activationType() }
    let (rows, width) = (run.groups.y, keyHeads * size)
    try run.require(
      run.groups.x * run.groupSize.x >= (heads + 2 * keyHeads) * size, "elements are left out")
    let projected = ProjectedRows(
      queries: try buffers[0].tensor(types[0], [rows, heads * size]),
      keys: try buffers[1].tensor(types[1], [rows, width]),
      values: try buffers[2].tensor(types[2], [rows, width]),
      shape: AttentionShape(heads: heads, keyValueHeads: keyHeads, headSize: size, scale: 1),
      rotarySize: 2 * half)
    let cached = CachedRows(
      keys: try buffers[4].tensor(types[3], [capacity, width]),
      values: try buffers[5].tensor(types[4], [capacity, width]))
    try run.operations().rotateAndStore(
      projected, tables: try buffers[3].tensor(.f32, [rows, 2, half]), into: cached,
      at: .number(first))
  }
}
