import CHostKernels
import FerryFormats
import FerryTensors

extension HostProduct {
  /// Bytes of a decoded tile, so that it stays in the second-level cache.
  private static let tileBytes = 256 << 10
  /// Rows of activations that go through a tile at once.
  private static let rowBlock = 256

  /// Tiles of the weight are decoded to f32 once, and multiplied with all rows.
  func many() {
    let lanes = Int(ferry_lanes(level))
    let padded = columns.rounded(upTo: lanes)
    let values = paddedInput(padded)
    let tile = tileRows(padded)
    operations.pool.run(pieces: outputs.blocks(of: tile)) { piece in
      let range = piece * tile..<min((piece + 1) * tile, outputs)
      manyOutputs(range, of: values.start, padded: padded)
    }
  }

  /// Rows of a tile: a multiple of four that fits the cache and leaves work for all threads.
  private func tileRows(_ padded: Int) -> Int {
    let fitting = Self.tileBytes / max(4 * padded, 1)
    let fair = outputs / (operations.pool.threadCount * 3)
    return max(4, min(fitting, fair, 64) / 4 * 4)
  }

  private func paddedInput(_ padded: Int) -> Scratch<Float> {
    let values = Scratch<Float>(count: rows * padded)
    operations.pool.run(count: rows, grain: max(1, 16384 / max(padded, 1))) { range in
      for row in range {
        let start = values.start + row * padded
        loadRow(row, into: start)
        (start + columns).update(repeating: 0, count: padded - columns)
      }
    }
    return values
  }

  private func manyOutputs(_ range: Range<Int>, of values: UnsafePointer<Float>, padded: Int) {
    let tile = Scratch<Float>(count: range.count * padded)
    decode(range, into: tile.start, padded: padded)
    let sums = Scratch<Float>(count: min(rows, Self.rowBlock) * range.count)
    for first in stride(from: 0, to: rows, by: Self.rowBlock) {
      let count = min(Self.rowBlock, rows - first)
      ferry_product(
        level, tile.start, Int64(range.count), values + first * padded, Int64(count),
        Int64(padded), sums.start, Int64(range.count))
      for index in 0..<count {
        finish(sums.start + index * range.count, row: first + index, outputs: range)
      }
    }
  }

  private func decode(
    _ range: Range<Int>, into tile: UnsafeMutablePointer<Float>, padded: Int
  ) {
    withUnsafePointer(to: weight) { weight in
      for (index, row) in range.enumerated() {
        let start = tile + index * padded
        ferry_decode(
          level, weight, Int64(row * columns), Int64(columns), start, Int32(FERRY_F32))
        (start + columns).update(repeating: 0, count: padded - columns)
      }
    }
  }
}
