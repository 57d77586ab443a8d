import Glibc

/// Where numbers lie on a logarithmic axis whose ends are powers of ten, halves and fifths of them.
struct LogarithmicScale {
  /// The numbers that are marked: 1, 2 and 5 times powers of ten.
  let ticks: [Double]
  private let start: Double
  private let end: Double

  /// An axis over all `values`, and over 1, between two places.
  init(_ values: [Double], from start: Double, to end: Double) {
    let (low, high) = (min(values.min() ?? 1, 1), max(values.max() ?? 1, 2))
    let steps = (-3...5).flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }
    let first = steps.last { $0 <= low } ?? steps[0]
    let last = steps.first { $0 >= high } ?? steps[steps.count - 1]
    ticks = steps.filter { $0 >= first && $0 <= last }
    (self.start, self.end) = (start, end)
  }

  /// Where a number lies; one beyond the axis lies at its end.
  func place(_ value: Double) -> Double {
    let inside = min(max(value, ticks[0]), ticks[ticks.count - 1])
    return start + (end - start) * log(inside / ticks[0]) / log(ticks[ticks.count - 1] / ticks[0])
  }
}
