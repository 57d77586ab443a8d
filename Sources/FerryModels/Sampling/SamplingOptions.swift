/// How the next token is chosen from the logits.
package struct SamplingOptions: Hashable, Sendable {
  /// What logits are divided by; 0: the token with the largest logit is taken.
  package let temperature: Double
  /// Only this many of the likeliest tokens are considered; nil: all.
  package let topK: Int?
  /// Only the likeliest tokens are considered whose probabilities together first reach this; nil: all.
  package let topP: Double?
  /// What the random numbers follow from.
  package let seed: UInt64

  /// Throws if `temperature` is negative or not finite, `topK` less than 1, or `topP` not in (0, 1].
  package init(
    temperature: Double = 0, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 0
  ) throws(SamplerError) {
    guard temperature >= 0, temperature.isFinite else {
      throw SamplerError(.setting, "the temperature \(temperature) is not 0 or above; take 0 to 2")
    }
    if let topK, topK < 1 {
      throw SamplerError(.setting, "top-k \(topK) leaves no token; take 1 or more")
    }
    if let topP, !(topP > 0 && topP <= 1) {
      throw SamplerError(.setting, "top-p \(topP) is no share of all; take more than 0, up to 1")
    }
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }
}
