/// Cubic convolution with a = −0.75, as PyTorch, OpenCV and ncnn resize images: where the centres of pixels of
/// both images are aligned, over four pixels whatever the factor.
struct Bicubic: Sendable {
  /// For each pixel of the result, the first of four pixels it is made of.
  private let starts: [Int]
  /// For each pixel of the result, the factors of the four.
  private let weights: [SIMD4<Float>]

  /// The way from an axis to one on which `numerator` pixels take the place of `denominator`, for the pixels
  /// `range` of the result.
  init(_ range: Range<Int>, numerator: Int, denominator: Int) {
    let places = range.map {
      (Double($0) + 0.5) * Double(denominator) / Double(numerator) - 0.5
    }
    starts = places.map { Int($0.rounded(.down)) - 1 }
    weights = zip(places, starts).map { place, start in Self.weights(at: place - Double(start) - 1)
    }
  }

  /// The value at pixel `index` of the range, of an axis read by `value`.
  func value(_ index: Int, _ value: (Int) -> Float) -> Float {
    let (start, weight) = (starts[index], weights[index])
    var sum: Float = 0
    for tap in 0..<4 { sum += weight[tap] * value(start + tap) }
    return sum
  }

  /// The factors of pixels at distances 1 + t, t, 1 − t and 2 − t.
  private static func weights(at t: Double) -> SIMD4<Float> {
    let a = -0.75
    let near = { (x: Double) in ((a + 2) * x - (a + 3)) * x * x + 1 }
    let far = { (x: Double) in ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return SIMD4(Float(far(1 + t)), Float(near(t)), Float(near(1 - t)), Float(far(2 - t)))
  }
}
