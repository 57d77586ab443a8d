import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors
import Glibc

extension DoubleKernels {
  /// Kernels that attend.
  static let attentions = [
    DoubleKernel("attention", of: "attention", "bbbbuubuuuuf") { run in
      let call = try AttentionCall(run)
      let types = try ["QUERY", "KEY", "CACHED", "OUTPUT"].map { try run.type($0) }
      try attend(call, headSize: try run.number("HEAD_SIZE"), types)
    },
    DoubleKernel("attention_any", of: "attentionAny", "bbbbuubuuuufuuuuu") { run in
      let call = try AttentionCall(run)
      let headSize = try run.count()
      try run.require(
        run.groups.z * 8 * (try run.number("THREADS")) >= headSize, "elements are left out")
      try attend(call, headSize: headSize, try (0..<4).map { _ in try run.activationType() })
    },
    DoubleKernel("attention_tiles", of: "attentionTiles", "bbbbuubuuuufu", attendInTiles),
    DoubleKernel("attention_merge", of: "attentionTiles", "bbuu", merge),
  ]

  private static func attend(
    _ call: AttentionCall, headSize: Int, _ types: [ElementType]
  ) throws {
    try call.run.require(call.run.groups.y == call.heads, "there is no group for each head")
    let rows = call.run.groups.x
    try call.attend(
      rows: rows, headSize: headSize, types,
      into: try call.output.tensor(types[3], [rows, call.heads * headSize]))
  }

  private static func attendInTiles(_ run: KernelRun) throws {
    let call = try AttentionCall(run)
    let (rows, headSize) = (try run.count(), try run.number("HEAD_SIZE"))
    let (type, warps) = (try run.type("TYPE"), try run.number("WARPS"))
    try run.require(
      run.groups.y == call.keyHeads && run.groupSize.x == 32 * warps
        && run.groups.x * 16 * warps >= rows * (call.heads / call.keyHeads),
      "queries are left out")
    let (types, shape) = (Array(repeating: type, count: 3), [rows, call.heads * headSize])
    guard try run.number("SPLIT") == 1 else {
      return try call.attend(
        rows: rows, headSize: headSize, types, into: try call.output.tensor(type, shape))
    }
    let memory = try run.operations().context.allocate(byteCount: 4 * shape[0] * shape[1]).view
    try call.attend(
      rows: rows, headSize: headSize, types, into: Tensor(memory, .f32, shape: shape))
    let results = memory.hostBytes.map { Array($0.bindMemory(to: Float.self)) } ?? []
    try call.output.store(
      partials(results, headSize: headSize, ranges: run.groups.z), as: .f32)
  }

  /// What the ranges of keys come to is the kernel's own; here the whole result is the first one's: sums,
  /// the largest score and the total.
  private static func partials(_ results: [Float], headSize: Int, ranges: Int) -> [Float] {
    let starts = stride(from: 0, to: results.count, by: headSize)
    let whole = starts.flatMap { results[$0..<$0 + headSize] + [0, 1] }
    let nothing = Array(repeating: Float(0), count: headSize) + [-Float.infinity, 0]
    return whole
      + Array(repeating: nothing, count: (ranges - 1) * results.count / headSize).flatMap { $0 }
  }

  private static func merge(_ run: KernelRun) throws {
    let (input, output) = (try run.buffer(), try run.buffer())
    let (ranges, queries) = (try run.count(), try run.count())
    let headSize = try run.number("HEAD_SIZE")
    try run.require(
      run.groups.x == queries && run.groupSize.x == headSize, "elements are left out")
    let partials = try input.floats(ranges * queries * (headSize + 2), .f32)
    let results = (0..<queries).flatMap { query in
      merged(
        (0..<ranges).map { range in
          partials[
            (range * queries + query) * (headSize + 2)..<(range * queries + query + 1)
              * (headSize + 2)]
        })
    }
    try output.store(results, as: try run.type("TYPE"))
  }

  /// The ranges of one query put together.
  private static func merged(_ ranges: [ArraySlice<Float>]) -> [Float] {
    let largest = ranges.map { $0[$0.endIndex - 2] }.max() ?? 0
    let scaled = ranges.map { range in
      let share = exp2(range[range.endIndex - 2] - largest)
      return range.map { $0 * share }
    }
    let width = scaled[0].count - 2
    let total = scaled.reduce(0) { $0 + $1[width + 1] }
    return (0..<width).map { element in scaled.reduce(0) { $0 + $1[element] } / total }
  }
}

/// The arguments that all kernels of attention begin with.
private struct AttentionCall {
  let run: KernelRun
  let output: KernelBuffer
  let heads: Int
  let keyHeads: Int
  private let inputs: [KernelBuffer]
  private let first: Int
  private let capacity: Int
  private let window: Int
  private let scale: Float

  init(_ run: KernelRun) throws {
    self.run = run
    inputs = try (0..<3).map { _ in try run.buffer() }
    output = try run.buffer()
    (heads, keyHeads) = (try run.count(), try run.count())
    first = try run.position()
    (capacity, window) = (try run.count(), try run.count())
    scale = try run.float()
  }

  /// The types are those of queries, keys and values.
  func attend(rows: Int, headSize: Int, _ types: [ElementType], into output: Tensor) throws {
    try run.require(first + rows <= capacity, "positions lie beyond the cache")
    let cached = [first + rows, keyHeads * headSize]
    let shapes = [[rows, heads * headSize], cached, cached]
    let tensors = try (0..<3).map { try inputs[$0].tensor(types[$0], shapes[$0]) }
    try run.operations().attention(
      queries: tensors[0], keys: tensors[1], values: tensors[2],
      shape: AttentionShape(
        heads: heads, keyValueHeads: keyHeads, headSize: headSize, scale: scale,
        window: window == Int(UInt32.max) ? nil : window),
      firstPosition: .number(first), into: output)
  }
}
