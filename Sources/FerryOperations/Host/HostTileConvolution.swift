import CHostKernels
import FerryFormats
import FerryTensors
import Synchronization

/// The operands of one 3 × 3 convolution that is computed by tiles of 4 × 4 pixels, with a quarter of the
/// products of ``HostConvolution``.
///
/// Weights are transformed for each call, which costs a few hundredths of it, and kept nowhere.
struct HostTileConvolution {
  /// Tiles that are transformed, multiplied and transformed back together: all channels of so many stay in
  /// the second-level cache.
  private static let tilesTogether = 48
  /// Rows of pixels of a tile.
  private static let side = 4
  /// What a tile, and the weights of a channel and an output, are transformed to.
  private static let places = 36

  private let operations: HostOperations
  private let maps: HostMaps
  private let weights: Scratch<Float>

  init(
    _ input: Tensor, _ weight: WeightView, _ bias: WeightView?, _ activation: Activation,
    _ output: Tensor, on operations: HostOperations
  ) throws {
    self.operations = operations
    maps = try HostMaps(input, weight, bias, activation, output)
    weights = Self.transformed(weight, on: operations)
  }

  /// Whether tiles are worth their transforms: with fewer channels or outputs they cost more than the
  /// products.
  static func pays(for weight: WeightView) -> Bool {
    let shape = weight.entry.shape
    return shape[3] == 3 && min(shape[0], shape[1]) >= 8
  }

  private static func transformed(_ weight: WeightView, on operations: HostOperations)
    -> Scratch<Float>
  {
    let level = operations.level.rawValue
    let (outputs, count) = (weight.rowCount, weight.columnCount)
    let (channels, together) = (weight.entry.shape[1], Int(ferry_tile_outputs(level)))
    let groups = outputs.blocks(of: together)
    let size = places * channels * together
    let transformed = Scratch<Float>(count: groups * size)
    let source = ferry_weight(weight)
    operations.pool.run(count: groups, grain: 1) { range in
      let values = Scratch<Float>(count: together * count)
      let padded = (together * channels).rounded(upTo: Int(ferry_lanes(level)))
      let taps = Scratch<Float>(count: 9 * padded)
      for group in range {
        let first = group * together
        let rows = min(together, outputs - first)
        withUnsafePointer(to: source) {
          ferry_decode(
            level, $0, Int64(first * count), Int64(rows * count), values.start, Int32(FERRY_F32))
        }
        ferry_transform_weights(
          level, values.start, Int64(channels), Int64(rows), taps.start,
          transformed.start + group * size)
      }
    }
    return transformed
  }

  func run() {
    maps.biases.withUnsafeBufferPointer { biases in
      maps.slopes.withUnsafeBufferPointer { slopes in
        let tiles = ferry_tiles(
          input: maps.input.start, output: maps.output.start, input_type: maps.input.type,
          output_type: maps.output.type, channels: Int64(maps.channels),
          outputs: Int64(maps.outputs), height: Int64(maps.height), width: Int64(maps.width),
          weights: weights.start, biases: biases.baseAddress, slopes: slopes.baseAddress)
        compute(tiles)
      }
    }
  }

  /// Blocks of whole vectors of tiles, as many for each thread, which threads claim in turn.
  private func compute(_ tiles: ferry_tiles) {
    let (pool, level) = (operations.pool, operations.level.rawValue)
    let lanes = Int(ferry_lanes(level))
    let count = maps.height.blocks(of: Self.side) * Int(ferry_tiles_across(Int64(maps.width)))
    let vectors = count.blocks(of: lanes)
    let fair = (vectors * lanes).blocks(of: Self.tilesTogether).rounded(upTo: pool.threadCount)
    let blocks = min(fair, vectors)
    let most = vectors.blocks(of: blocks) * lanes
    let next = Atomic<Int>(0)
    pool.run(pieces: min(blocks, pool.threadCount)) { _ in
      let scratch = Scratch<Float>(
        count: Int(ferry_tiles_scratch(level, Int64(maps.channels), Int64(most))))
      while true {
        let block = next.add(1, ordering: .relaxed).oldValue
        guard block < blocks else { return }
        let first = vectors * block / blocks * lanes
        let end = min(vectors * (block + 1) / blocks * lanes, count)
        withUnsafePointer(to: tiles) {
          ferry_convolve_tiles(level, $0, Int64(first), Int64(end - first), scratch.start)
        }
      }
    }
  }
}
