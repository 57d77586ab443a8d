import CHostKernels
import FerryFormats
import FerryTensors

/// The operands of one convolution.
struct HostConvolution {
  /// Bytes of a band with what surrounds it, so that it stays in the second-level cache.
  private static let bandBytes = 512 << 10
  /// Outputs that are computed together.
  private static let outputsTogether = 4

  private let operations: HostOperations
  private let maps: HostMaps
  private let size: Int
  /// Weights in the order in which they are used: [outputs / 4, channels, size, size, 4].
  private let weights: Scratch<Float>
  /// Pixels of a row, rounded up to what is computed at a time.
  private let padded: Int
  /// Rows of a band.
  private let band: Int

  init(
    _ input: Tensor, _ weight: WeightView, _ bias: WeightView?, _ activation: Activation,
    _ output: Tensor, on operations: HostOperations
  ) throws {
    self.operations = operations
    maps = try HostMaps(input, weight, bias, activation, output)
    size = weight.entry.shape[3]
    weights = Self.arranged(weight, on: operations)
    padded = maps.width.rounded(upTo: Int(ferry_map_step(operations.level.rawValue)))
    let fitting = Self.bandBytes / (4 * maps.channels * (padded + size)) - (size - 1)
    let fair = maps.height.blocks(of: operations.pool.threadCount * 2)
    band = max(1, min(fitting, fair))
  }

  private static func arranged(_ weight: WeightView, on operations: HostOperations)
    -> Scratch<Float>
  {
    let (outputs, count) = (weight.rowCount, weight.columnCount)
    let groups = outputs.blocks(of: outputsTogether)
    let arranged = Scratch<Float>(count: groups * count * outputsTogether)
    let (source, level) = (ferry_weight(weight), operations.level.rawValue)
    operations.pool.run(count: groups, grain: max(1, 16384 / count)) { range in
      let values = Scratch<Float>(count: outputsTogether * count)
      for group in range {
        let first = group * outputsTogether
        let rows = min(outputsTogether, outputs - first)
        withUnsafePointer(to: source) {
          ferry_decode(
            level, $0, Int64(first * count), Int64(rows * count), values.start, Int32(FERRY_F32))
        }
        ferry_arrange_map(
          level, values.start, Int64(count), Int64(rows), arranged.start + first * count)
      }
    }
    return arranged
  }

  func run() {
    operations.pool.run(pieces: maps.height.blocks(of: band)) { piece in
      compute(piece * band..<min((piece + 1) * band, maps.height))
    }
  }

  private func compute(_ rows: Range<Int>) {
    let stride = padded + size - 1
    let plane = stride * (rows.count + size - 1)
    let planes = Scratch<Float>(count: maps.channels * plane)
    for channel in 0..<maps.channels {
      load(channel, rows, into: planes.start + channel * plane, stride: stride)
    }
    let map = ferry_map(
      planes: planes.start, channels: Int64(maps.channels), plane: Int64(plane),
      stride: Int64(stride), width: Int64(maps.width), size: Int32(size))
    let sums = Scratch<Float>(count: Self.outputsTogether * padded)
    for first in Swift.stride(from: 0, to: maps.outputs, by: Self.outputsTogether) {
      for row in rows { compute(first, row, at: row - rows.lowerBound, map, sums.start) }
    }
  }

  /// One row of up to four outputs.
  private func compute(
    _ first: Int, _ row: Int, at y: Int, _ map: ferry_map, _ sums: UnsafeMutablePointer<Float>
  ) {
    let level = operations.level.rawValue
    withUnsafePointer(to: map) {
      ferry_convolve(
        level, $0, weights.start + first * maps.channels * size * size, Int64(y), sums,
        Int64(padded))
    }
    for output in first..<min(first + Self.outputsTogether, maps.outputs) {
      ferry_finish_map(
        level, sums + (output - first) * padded, maps.biases[output],
        maps.slopes[output], maps.output.at((output * maps.height + row) * maps.width),
        maps.output.type, Int64(maps.width))
    }
  }

  /// The rows of a channel and those beside them, zeros around the map.
  private func load(
    _ channel: Int, _ rows: Range<Int>, into start: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let border = size / 2
    for (index, row) in (rows.lowerBound - border..<rows.upperBound + border).enumerated() {
      let target = start + index * stride
      guard (0..<maps.height).contains(row) else {
        target.update(repeating: 0, count: stride)
        continue
      }
      target.update(repeating: 0, count: border)
      ferry_convert(
        operations.level.rawValue, maps.input.at((channel * maps.height + row) * maps.width),
        maps.input.type, target + border, Int32(FERRY_F32), Int64(maps.width))
      (target + border + maps.width).update(
        repeating: 0, count: stride - border - maps.width)
    }
  }
}
