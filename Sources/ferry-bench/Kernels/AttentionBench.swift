import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// Attentions of a step and of a prompt, with cold caches: each run takes the next of so many copies of the
/// keys and values that no cache holds them all.
struct AttentionBench {
  let open: OpenDevice
  let bandwidth: CopyBandwidth
  private let operations: KernelOperations

  init(_ open: OpenDevice, _ bandwidth: CopyBandwidth) throws {
    (self.open, self.bandwidth) = (open, bandwidth)
    operations = try KernelOperations(context: open.context)
  }

  /// One cell; what fails is said.
  func figures(of cell: AttentionCell) -> [Figure] {
    .attempting(cell.name) { [try measured(cell)] }
  }

  private func measured(_ cell: AttentionCell) throws -> Figure {
    let copies = open.scale.coldByteCount / cell.cacheByteCount + 1
    let caches = try (0..<copies).map { copy in
      try (0..<2).map { try matrix(cell.positions, cell.keyWidth, seed: UInt64(2 * copy + $0)) }
    }
    let queries = try matrix(cell.rows, cell.queryWidth, seed: 99)
    let results = try matrix(cell.rows, cell.queryWidth, seed: 98)
    let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
    let timing = try timer.time(copies: copies) { copy in
      try operations.attention(
        queries: queries, keys: caches[copy][0], values: caches[copy][1], shape: cell.shape,
        firstPosition: .number(cell.positions - cell.rows), into: results)
    }
    return cell.figure(seconds: timing.seconds, copyRate: bandwidth.rate, start: timing.start)
  }

  private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) throws -> Tensor {
    let weight = try SyntheticWeight.make(
      .plain(.bf16), shape: [rows, columns], on: open.context, seed: seed)
    return Tensor(weight.payload, .bf16, shape: [rows, columns])
  }
}

extension BenchScale {
  /// The attentions: of steps over longer and longer texts, of prompts, of a turn that follows a long text.
  var attentions: [AttentionCell] {
    guard self == .full else {
      return [
        AttentionCell(positions: 600, heads: 4, keyValueHeads: 2, headSize: 64),
        AttentionCell(rows: 32, positions: 64, heads: 4, keyValueHeads: 2, headSize: 64),
      ]
    }
    return [1024, 4096, 16384, 131_072].map { AttentionCell(positions: $0) }
      + [512, 2048, 8192].map { AttentionCell(rows: $0, positions: $0) }
      + [AttentionCell(rows: 32, positions: 16384), AttentionCell(rows: 512, positions: 32768)]
  }
}
