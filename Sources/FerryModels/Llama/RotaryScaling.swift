import Glibc

/// The scalings of rotary embeddings that are implemented, by the names of `rope_type`.
package enum RotaryScaling: Hashable, Sendable {
  /// `default`: none.
  case none
  /// `linear`: positions are divided by the factor (Chen et al., 2023).
  case linear(factor: Double)
  /// `dynamic`: NTK-aware, by the length of the text.
  case dynamic(factor: Double)
  /// `llama3`: long wavelengths only.
  case llama3(Llama3Scaling)
  /// `yarn`: Peng et al., 2023.
  case yarn(YarnScaling)
  /// Each frequency divided by a number of its own: what GGUF files store of `llama3`.
  case factors([Float])
}

/// Llama 3.1's scaling: wavelengths that fit the original context often stay, those that do not are
/// stretched by `factor`, and those between are mixed.
package struct Llama3Scaling: Hashable, Sendable {
  /// The stretch.
  package var factor: Double
  /// Wavelengths above original / low are stretched, those below original / high stay.
  package var low: Double, high: Double
  /// The context the model was trained with, in positions.
  package var originalPositions: Int

  package init(factor: Double, low: Double, high: Double, originalPositions: Int) {
    self.factor = factor
    self.low = low
    self.high = high
    self.originalPositions = originalPositions
  }

  /// The frequency after scaling, in radians a position.
  package func scaled(_ frequency: Float) -> Float {
    let original = Double(originalPositions)
    let wavelength = Double(Float(2 * Double.pi) / frequency)
    if wavelength < original / high { return frequency }
    if wavelength > original / low { return frequency / Float(factor) }
    let share = Float((original / wavelength - low) / (high - low))
    return (1 - share) * frequency / Float(factor) + share * frequency
  }
}

/// YaRN: pairs that turn often within the original context keep their frequency, those that turn
/// rarely are stretched, a linear ramp between; attention is sharpened through the amplitude.
package struct YarnScaling: Hashable, Sendable {
  /// The stretch.
  package var factor: Double
  /// The context the model was trained with, in positions.
  package var originalPositions: Int
  /// Turns within the original context above which a pair stays, and below which it is stretched.
  package var fast: Double, slow: Double
  /// Whether the ends of the ramp are rounded outward to whole pairs.
  package var truncates: Bool
  /// What cosines and sines are multiplied by.
  package var amplitude: Double

  package init(
    factor: Double, originalPositions: Int, fast: Double = 32, slow: Double = 1,
    truncates: Bool = true, amplitude: Double? = nil
  ) {
    self.factor = factor
    self.originalPositions = originalPositions
    self.fast = fast
    self.slow = slow
    self.truncates = truncates
    self.amplitude = amplitude ?? Self.sharpness(factor)
  }

  /// The paper's amplitude for a stretch: 0.1 · scale · ln(factor) + 1.
  package static func sharpness(_ factor: Double, scale: Double = 1) -> Double {
    factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1
  }

  /// `frequencies` after scaling, in radians a position.
  package func scaled(_ frequencies: [Float], theta: Double) -> [Float] {
    var (start, end) = ramp(dimension: 2 * frequencies.count, theta: theta)
    if start == end { end += 0.001 }
    return frequencies.indices.map { pair in
      let stretched = min(max((Float(pair) - Float(start)) / Float(end - start), 0), 1)
      let frequency = frequencies[pair]
      return frequency / Float(factor) * stretched + frequency * (1 - stretched)
    }
  }

  /// The pairs between which frequencies pass from kept to stretched.
  private func ramp(dimension: Int, theta: Double) -> (start: Double, end: Double) {
    func pair(turns: Double) -> Double {
      let positions = Double(originalPositions)
      return Double(dimension) * log(positions / (turns * 2 * .pi)) / (2 * log(theta))
    }
    var (start, end) = (pair(turns: fast), pair(turns: slow))
    if truncates { (start, end) = (floor(start), ceil(end)) }
    return (max(start, 0), min(end, Double(dimension - 1)))
  }
}
