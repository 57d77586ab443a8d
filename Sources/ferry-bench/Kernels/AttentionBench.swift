import FerryDevices
import FerryFormats
import FerryOperations
import FerryTensors

/// Attentions of a step and of a prompt, with cold caches: each run takes the next of so many copies of the
/// keys and values that no cache holds them all.
struct AttentionBench {
  let open: OpenDevice
  let roofs: any Roofs
  private let operations: any Operations

  init(_ open: OpenDevice, _ roofs: any Roofs, _ operations: any Operations) {
    (self.open, self.roofs, self.operations) = (open, roofs, operations)
  }

  /// One cell; what fails is said.
  func figures(of cell: AttentionCell) -> [Figure] {
    .attempting(cell.name) { [try measured(cell)] }
  }

  private func measured(_ cell: AttentionCell) throws -> Figure {
    let copies = open.scale.coldByteCount / cell.cacheByteCount + 1
    let caches = try (0..<copies).map { copy in
      try (0..<2).map {
        try matrix(cell, cell.positions, cell.keyWidth, seed: UInt64(2 * copy + $0))
      }
    }
    let queries = try matrix(cell, cell.rows, cell.queryWidth, seed: 99)
    let results = try matrix(cell, cell.rows, cell.queryWidth, seed: 98)
    let timer = DeviceTimer(context: open.context, budget: open.scale.budget)
    let timing = try timer.time(copies: copies) { copy in
      try operations.attention(
        queries: queries, keys: caches[copy][0], values: caches[copy][1], shape: cell.shape,
        firstPosition: .number(cell.positions - cell.rows), into: results)
    }
    return roofs.figure(of: cell, timing)
  }

  private func matrix(
    _ cell: AttentionCell, _ rows: Int, _ columns: Int, seed: UInt64
  ) throws -> Tensor {
    try SyntheticWeight.tensor(
      cell.elementType, shape: [rows, columns], on: open.context, seed: seed)
  }
}

extension BenchScale {
  /// The attentions: of steps over longer and longer texts, of prompts, of a turn that follows a long text.
  var attentions: [AttentionCell] {
    pick(
      full: [1024, 4096, 16384, 131_072].map { AttentionCell(positions: $0) }
        + [512, 2048, 8192].map { AttentionCell(rows: $0, positions: $0) }
        + [AttentionCell(rows: 32, positions: 16384), AttentionCell(rows: 512, positions: 32768)],
      host: [ElementType.bf16, .f32].flatMap { type in
        [
          AttentionCell(positions: 4096, elementType: type),
          AttentionCell(positions: 16384, elementType: type),
          AttentionCell(rows: 512, positions: 512, elementType: type),
        ]
      },
      small: [
        AttentionCell(positions: 600, heads: 4, keyValueHeads: 2, headSize: 64),
        AttentionCell(rows: 32, positions: 64, heads: 4, keyValueHeads: 2, headSize: 64),
      ])
  }
}
