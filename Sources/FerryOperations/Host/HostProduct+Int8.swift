import CHostKernels
import FerryTensors

extension HostProduct {
  /// LLM.int8(), as ``LLMInt8Product`` defines it: the codes and their sums are the same integers.
  func int8(threshold: Float) {
    let coded = CodedActivations(self, threshold: threshold)
    let grain = max(1, 32768 / max(columns * min(rows, 4), 1))
    operations.pool.run(count: outputs, grain: grain) { range in
      int8Outputs(range, of: coded)
    }
  }

  /// Rows of codes that stay in the first-level cache while rows of the weight pass.
  private static let codedRowBlock = 16

  private func int8Outputs(_ range: Range<Int>, of coded: CodedActivations) {
    let block = Self.codedRowBlock
    let sums = Scratch<Float>(count: block * range.count)
    let scratch = Scratch<Float>(count: coded.outliers.count)
    for first in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - first)
      withUnsafePointer(to: weight) { weight in
        ferry_linear_int8(
          level, weight, Int64(range.lowerBound), Int64(range.count),
          coded.codes.start + first * coded.stride, Int64(coded.stride),
          coded.rowAbsmax.start + first, Int64(count), coded.outliers,
          Int64(coded.outliers.count),
          coded.outlierValues.start + first * coded.outliers.count, sums.start,
          Int64(range.count), scratch.start)
      }
      for index in 0..<count {
        finish(sums.start + index * range.count, row: first + index, outputs: range)
      }
    }
  }
}

/// Activations as LLM.int8() multiplies them: 8-bit codes, and outlier columns in full precision.
private struct CodedActivations {
  /// From one row of codes to the next.
  let stride: Int
  let codes: Scratch<Int16>
  let rowAbsmax: Scratch<Float>
  /// The outlier columns, ascending.
  let outliers: [Int32]
  /// For each row, its elements in these columns.
  let outlierValues: Scratch<Float>

  init(_ product: HostProduct, threshold: Float) {
    let (rows, columns, level) = (product.rows, product.columns, product.level)
    stride = columns.rounded(upTo: 2 * Int(ferry_lanes(level)))
    let values = Scratch<Float>(count: rows * columns)
    for row in 0..<rows { product.loadRow(row, into: values.start + row * columns) }
    var flags = [UInt8](repeating: 0, count: columns)
    if threshold > 0 {
      for row in 0..<rows {
        ferry_mark_outliers(
          level, values.start + row * columns, Int64(columns), threshold, &flags)
      }
    }
    outliers = flags.indices.filter { flags[$0] != 0 }.map(Int32.init)
    codes = Scratch(count: rows * stride)
    rowAbsmax = Scratch(count: rows)
    outlierValues = Scratch(count: rows * outliers.count)
    for row in 0..<rows {
      let start = values.start + row * columns
      rowAbsmax.start[row] = ferry_code_row(
        level, start, Int64(columns), threshold, flags, codes.start + row * stride)
      for (index, column) in outliers.enumerated() {
        outlierValues.start[row * outliers.count + index] = start[Int(column)]
      }
    }
  }
}
