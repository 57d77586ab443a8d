import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

extension DoubleKernels {
  /// Kernels that attend.
  static let attentions = [
    DoubleKernel("attention", of: "attention", "bbbbuubuuuuf") { run in
      let call = try AttentionCall(run)
      let types = try ["QUERY", "KEY", "CACHED", "OUTPUT"].map { try run.type($0) }
      try call.attend(headSize: try run.number("HEAD_SIZE"), types)
    },
    DoubleKernel("attention_any", of: "attentionAny", "bbbbuubuuuufuuuuu") { run in
      let call = try AttentionCall(run)
      let headSize = try run.count()
      try run.require(
        run.groups.z * 8 * (try run.number("THREADS")) >= headSize, "elements are left out")
      try call.attend(headSize: headSize, try (0..<4).map { _ in try run.activationType() })
    },
  ]
}

/// The arguments that all kernels of attention begin with.
private struct AttentionCall {
  private let run: KernelRun
  private let buffers: [KernelBuffer]
  private let heads: Int
  private let keyHeads: Int
  private let first: Int
  private let capacity: Int
  private let window: Int
  private let scale: Float

  init(_ run: KernelRun) throws {
    self.run = run
    buffers = try (0..<4).map { _ in try run.buffer() }
    (heads, keyHeads) = (try run.count(), try run.count())
    first = try run.position()
    (capacity, window) = (try run.count(), try run.count())
    scale = try run.float()
  }

  /// The types are those of queries, keys, values and output.
  func attend(headSize: Int, _ types: [ElementType]) throws {
    try run.require(run.groups.x == heads, "there is no group for each head")
    let rows = run.groups.y
    try run.require(first + rows <= capacity, "positions lie beyond the cache")
    let cached = [first + rows, keyHeads * headSize]
    let shapes = [[rows, heads * headSize], cached, cached, [rows, heads * headSize]]
    let tensors = try (0..<4).map { try buffers[$0].tensor(types[$0], shapes[$0]) }
    try run.operations().attention(
      queries: tensors[0], keys: tensors[1], values: tensors[2],
      shape: AttentionShape(
        heads: heads, keyValueHeads: keyHeads, headSize: headSize, scale: scale,
        window: window == Int(UInt32.max) ? nil : window),
      firstPosition: .number(first), into: tensors[3])
  }
}
