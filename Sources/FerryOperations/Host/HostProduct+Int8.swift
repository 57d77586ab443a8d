import CHostKernels
import FerryFormats
import FerryTensors

extension HostProduct {
  /// Rows of codes whose sums are kept at a time.
  static let codedRowBlock = 1024

  /// Outputs `range` of LLM.int8(); `scratch` has room for ``CodedActivations/outlierScratch`` floats and for the sums
  /// of up to ``codedRowBlock`` rows.
  func int8(
    _ range: Range<Int>, of coded: CodedActivations, in scratch: UnsafeMutablePointer<Float>
  ) {
    let sums = scratch + coded.outlierScratch
    for first in stride(from: 0, to: rows, by: Self.codedRowBlock) {
      let count = min(Self.codedRowBlock, rows - first)
      withUnsafePointer(to: weight) { weight in
        ferry_linear_int8(
          level, weight, Int64(range.lowerBound), Int64(range.count),
          coded.codes(ofRow: first), Int64(coded.stride), coded.rowAbsmax.start + first,
          Int64(count), coded.outliers, Int64(coded.outliers.count),
          coded.outlierValues.start + first * coded.outliers.count, sums, Int64(range.count),
          scratch)
      }
      for index in 0..<count {
        finish(sums + index * range.count, row: first + index, outputs: range)
      }
    }
  }
}

/// Activations as LLM.int8() multiplies them: 8-bit codes, and outlier columns in full precision.
struct CodedActivations {
  /// Bytes from one row of codes to the next: whole lines of the cache.
  let stride: Int
  private let codes: Scratch<UInt64>
  let rowAbsmax: Scratch<Float>
  /// The outlier columns, ascending.
  let outliers: [Int32]
  /// For each row, its elements in these columns.
  let outlierValues: Scratch<Float>

  init(_ product: HostProduct, threshold: Float) {
    let rows = product.rows
    stride = Int(ferry_coded_bytes(product.level, Int64(product.columns))).rounded(upTo: 64)
    outliers = threshold > 0 ? Self.outliers(of: product, threshold) : []
    codes = Scratch(count: (rows * stride + 63) / 8)
    rowAbsmax = Scratch(count: rows)
    outlierValues = Scratch(count: rows * outliers.count)
    product.operations.pool.run(count: rows, grain: Self.grain / max(product.columns, 1)) {
      for row in $0 { code(row, of: product, threshold) }
    }
  }

  /// Elements that are worth a piece of their own.
  private static let grain = 16384

  /// The floats that the kernel takes for outlier columns.
  var outlierScratch: Int { 4 * outliers.count }

  func codes(ofRow row: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(codes.start).alignedUp(toMultipleOf: 64) + row * stride
  }

  private static func outliers(of product: HostProduct, _ threshold: Float) -> [Int32] {
    let maxima = Scratch<Float>(count: product.columns)
    maxima.start.initialize(repeating: 0, count: product.columns)
    let grain = max(64, Self.grain / max(product.rows, 1))
    product.operations.pool.run(count: product.columns, grain: grain) { range in
      for row in 0..<product.rows {
        ferry_column_maxima(
          product.level, product.input.start, product.input.type,
          Int64(row * product.columns + range.lowerBound), Int64(range.count),
          maxima.start + range.lowerBound)
      }
    }
    return numbersNotBelow(threshold, of: product.columns, in: maxima.start, product.level)
  }

  /// Which of the maxima are at least `threshold`: mostly none.
  private static func numbersNotBelow(
    _ threshold: Float, of count: Int, in maxima: UnsafePointer<Float>, _ level: Int32
  ) -> [Int32] {
    var numbers: [Int32] = []
    var first = 0
    while first < count {
      let next = ferry_first_not_below(
        level, maxima + first, Int32(FERRY_F32), Int64(count - first), threshold)
      guard next >= 0 else { break }
      numbers.append(Int32(first + Int(next)))
      first += Int(next) + 1
    }
    return numbers
  }

  private func code(_ row: Int, of product: HostProduct, _ threshold: Float) {
    let first = row * product.columns
    rowAbsmax.start[row] = ferry_code_row(
      product.level, product.input.start, product.input.type, Int64(first),
      Int64(product.columns), threshold, outliers, Int64(outliers.count), codes(ofRow: row))
    let values = outlierValues.start + row * outliers.count
    for (index, column) in outliers.enumerated() {
      ferry_convert(
        product.level, product.input.at(first + Int(column)), product.input.type,
        values + index, Int32(FERRY_F32), 1)
    }
  }
}
