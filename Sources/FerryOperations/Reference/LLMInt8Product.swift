import FerryFormats
import FerryTensors

/// LLM.int8(): rows of activations become 8-bit codes, columns with outliers stay in full precision.
///
/// Source: T. Dettmers et al., "LLM.int8()", arXiv:2208.07339, in f32 throughout (the published code
/// goes through f16). With a the activations, CB and SCB the weight's codes and row absmax:
///
/// - A column is an outlier column if any row of the call has |a| ≥ threshold in it (threshold 0:
///   none is). So a row's result depends on the rows it is computed with.
/// - `SCA[r] = max |a[r, k]|` over the elements below the threshold, in outlier columns too.
/// - `CA[r, k] = rint(a[r, k] · fl32(127 / SCA[r]))`, ties to even; 0 in outlier columns. Where the
///   quotient overflows (SCA below 2⁻¹²¹) it is `rint(fl32(a / SCA) · 127)`; 0 where SCA is 0.
/// - `sum[r, n] = Σ_k CA · CB` exactly in integers, times SCA[r] · SCB[n] / 16129,
///   plus `Σ a · CB · SCB[n] / 127` over the outlier columns.
///
/// A row whose SCA is NaN or infinite gives NaN.
struct LLMInt8Product {
  private let rows: Int
  private let columns: Int
  private let input: [Float]
  private let threshold: Float
  private let codes: UnsafeRawBufferPointer
  private let rowAbsmax: [Float]
  private let owner: WeightView

  init(_ input: Tensor, _ weight: WeightView, threshold: Float) {
    rows = input.rowCount
    columns = weight.columnCount
    self.input = input.values()
    self.threshold = threshold
    codes = weight.parts[0].bytesOnHost
    let scales = weight.parts[1].bytesOnHost
    rowAbsmax = (0..<weight.rowCount).map { ElementType.f32.loadFloat(from: scales, at: $0) }
    owner = weight
  }

  /// `sums[r, n]`, unrounded.
  func sums() -> [Double] {
    let outliers = outlierColumns()
    let isOutlier = (0..<columns).map(Set(outliers).contains)
    return (0..<rows).flatMap { row in
      let scale = activationScale(row)
      let codes = activationCodes(row, scale, isOutlier)
      return rowAbsmax.indices.map { n in
        let product = Double(integerSum(codes, n)) * Double(scale) * Double(rowAbsmax[n])
        return product / 16129 + outlierSum(row, n, outliers)
      }
    }
  }

  private func activation(_ row: Int, _ column: Int) -> Float { input[row * columns + column] }

  private func weightCode(_ row: Int, _ column: Int) -> Int {
    Int(Int8(bitPattern: codes[row * columns + column]))
  }

  private func isOutlier(_ value: Float) -> Bool { threshold > 0 && value.magnitude >= threshold }

  private func outlierColumns() -> [Int] {
    (0..<columns).filter { k in (0..<rows).contains { isOutlier(activation($0, k)) } }
  }

  private func activationScale(_ row: Int) -> Float {
    var largest: Float = 0
    for k in 0..<columns where !isOutlier(activation(row, k)) {
      let magnitude = activation(row, k).magnitude
      if magnitude.isNaN { return .nan }
      largest = max(largest, magnitude)
    }
    return largest
  }

  private func activationCodes(_ row: Int, _ scale: Float, _ isOutlier: [Bool]) -> [Int] {
    guard scale > 0, scale.isFinite else { return Array(repeating: 0, count: columns) }
    let factor = 127 / scale
    return (0..<columns).map { k in
      if isOutlier[k] { return 0 }
      let value = activation(row, k)
      let scaled = factor.isFinite ? value * factor : value / scale * 127
      return Int(scaled.rounded(.toNearestOrEven))
    }
  }

  private func integerSum(_ codes: [Int], _ row: Int) -> Int {
    (0..<columns).reduce(0) { $0 + codes[$1] * weightCode(row, $1) }
  }

  private func outlierSum(_ row: Int, _ weightRow: Int, _ outliers: [Int]) -> Double {
    let sum = outliers.reduce(0.0) {
      $0 + Double(activation(row, $1)) * Double(weightCode(weightRow, $1))
    }
    return outliers.isEmpty ? 0 : sum * Double(rowAbsmax[weightRow]) / 127
  }
}
