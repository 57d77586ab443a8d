extension Llama3Scaling {
  /// What each frequency of `rotary` is divided by: what GGUF files store as `rope_freqs`.
  package func factors(of rotary: RotaryEmbedding) -> [Float] {
    Self.unscaled(rotary).map { $0 / scaled($0) }
  }

  /// The parameters that give these factors, if there are any: those of the published models, or
  /// those that two of the mixed frequencies determine (up to a common scale of `low`, `high` and
  /// the original context, which changes nothing; `low` is 1 then).
  package init?(reproducing factors: [Float], of rotary: RotaryEmbedding) {
    guard let factor = factors.max(), factor > 1 else { return nil }
    let stretch = Double(factor)
    let published = Llama3Scaling(factor: stretch, low: 1, high: 4, originalPositions: 8192)
    let fitted = Self.fitted(factors, to: Self.unscaled(rotary), factor: stretch)
    for candidate in [published, fitted].compactMap(\.self) {
      let close = zip(candidate.factors(of: rotary), factors).allSatisfy {
        abs($0 - $1) <= 1e-4 * $1
      }
      if close {
        self = candidate
        return
      }
    }
    return nil
  }

  private static func unscaled(_ rotary: RotaryEmbedding) -> [Float] {
    var plain = rotary
    plain.scaling = .none
    return plain.frequencies(length: 1)
  }

  /// Between the bounds the share of the kept frequency is linear in the frequency itself:
  /// (original / wavelength - low) / (high - low).
  private static func fitted(_ factors: [Float], to frequencies: [Float], factor: Double)
    -> Llama3Scaling?
  {
    let mixed = zip(frequencies, factors).filter { $0.1 > 1.001 && Double($0.1) < factor * 0.999 }
    guard let first = mixed.first, let last = mixed.last, first.0 != last.0 else { return nil }
    let points = [first, last].map { frequency, divisor in
      (
        turns: Double(frequency) / (2 * .pi),
        share: (1 / Double(divisor) - 1 / factor) / (1 - 1 / factor)
      )
    }
    let slope = (points[0].share - points[1].share) / (points[0].turns - points[1].turns)
    let start = points[0].share - slope * points[0].turns
    let original = (-slope / start).rounded()
    guard start < 0, original >= 1, original < 1e9 else { return nil }
    // What f32 factors leave uncertain is rounded away; the caller compares the outcome.
    let high = ((1 - 1 / start) * 1e4).rounded() / 1e4
    return Llama3Scaling(factor: factor, low: 1, high: high, originalPositions: Int(original))
  }
}
