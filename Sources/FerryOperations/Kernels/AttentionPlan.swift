import FerryDevices
import FerryFormats
import FerryTensors

/// What decides how an attention is computed.
struct AttentionLayer: Hashable, Sendable {
  /// Rows of queries.
  var rows: Int
  /// The heads, and what a row sees.
  var shape: AttentionShape
  /// Positions that the cache has room for.
  var capacity: Int
  /// The type of queries, cache and output; nil where they differ.
  var type: ElementType?
  /// Whether all of them start at multiples of 16 bytes.
  var isAligned: Bool

  /// The layer of a call.
  init(_ operands: AttentionOperands) {
    let tensors = operands.tensors
    rows = operands.queries.rowCount
    shape = operands.shape
    capacity = operands.capacity
    type = Set(tensors.map(\.elementType)).count == 1 ? operands.output.elementType : nil
    isAligned = tensors.allSatisfy { $0.view.offset % 16 == 0 }
  }

  /// A layer.
  init(
    rows: Int, _ shape: AttentionShape, capacity: Int, type: ElementType?, isAligned: Bool = true
  ) {
    self.rows = rows
    self.shape = shape
    self.capacity = capacity
    self.type = type
    self.isAligned = isAligned
  }
}

/// How matrix units compute an attention: `attentionTiles.cl`, tiles of queries against tiles of keys.
///
/// Where tiles of queries alone would leave processors idle, ranges of the keys are taken apart and merged.
/// Nothing depends on how long the text is, but on what the cache has room for: a recorded step keeps
/// its plan while the text grows.
struct AttentionPlan: Hashable, Sendable {
  /// What attentionTiles.cl is built with.
  let defines: [String: String]
  /// Tiles of queries of a key head, key heads, ranges of keys.
  let groups: GridSize
  /// Threads of a group.
  let threads: Int

  /// Whether results of ranges are merged afterwards.
  var isSplit: Bool { groups.z > 1 }

  /// Queries of a warp.
  private static let warpQueries = 16
  /// Warps of a group with more queries than one has.
  private static let mostWarps = 4
  /// The shortest range of keys that is worth a group of its own.
  private static let shortestRange = 256
  /// Keys of a tile, by the size of a head: two tiles of keys and two of values are within the 48 KiB of
  /// local memory that every group has.
  private static let keys = [64: 64, 80: 64, 96: 32, 128: 32, 256: 16]

  /// The sizes of heads that there are plans for.
  static let headSizes = keys.keys.sorted()

  /// The plan for a layer on a device with so many processors; nil where it is not for matrix units.
  init?(_ layer: AttentionLayer, processors: Int) {
    let shape = layer.shape
    guard let type = layer.type, type == .f16 || type == .bf16, layer.isAligned,
      let keys = Self.keys[shape.headSize], layer.rows * shape.heads < 1 << 31
    else { return nil }
    let queries = layer.rows * (shape.heads / shape.keyValueHeads)
    let tiles = queries.blocks(of: Self.mostWarps * Self.warpQueries)
    let ranges = Self.ranges(
      positions: min(layer.capacity, shape.window ?? .max), tiles: tiles * shape.keyValueHeads,
      isNarrow: queries <= Self.warpQueries, processors: processors)
    let warps = queries <= Self.warpQueries && ranges > 1 ? 1 : Self.mostWarps
    groups = GridSize(tiles, shape.keyValueHeads, ranges)
    threads = 32 * warps
    defines = [
      "TYPE": type.rawValue, "HEAD_SIZE": "\(shape.headSize)", "KEYS": "\(keys)",
      "WARPS": "\(warps)", "SPLIT": ranges > 1 ? "1" : "0",
    ]
  }

  /// As many ranges as keep processors busy, of which each holds four groups of a warp or three of four
  /// warps; one where most processors are busy without.
  private static func ranges(
    positions: Int, tiles: Int, isNarrow: Bool, processors: Int
  ) -> Int {
    guard isNarrow || 2 * tiles <= processors else { return 1 }
    let slots = (isNarrow ? 4 : 3) * processors
    return max(1, min(slots / tiles, positions / shortestRange))
  }
}
