import FerryFormats

/// Chooses tokens by logits: temperature, then top-k, then top-p, as HF `transformers` orders them.
///
/// The same options and logits give the same tokens on every platform: random numbers are made of
/// integers (``RandomBits``), and the exponential is our own, made of basic arithmetic alone. Of
/// equal logits the lower token counts as the likelier.
package struct Sampler: Sendable {
  private let options: SamplingOptions
  private var random: RandomBits

  package init(_ options: SamplingOptions) {
    self.options = options
    random = RandomBits(seed: options.seed)
  }

  /// The next token. Takes one random number, greedy takes none. A logit of -∞ is a token that
  /// cannot be chosen.
  package mutating func choose(_ logits: [Float]) throws(SamplerError) -> Int {
    let best = try Self.best(of: logits)
    guard options.temperature > 0, options.topK != 1 else { return best }
    let nucleus = nucleus(likeliest(candidates(logits, largest: logits[best])))
    var left = random.nextUnit() * nucleus.reduce(0) { $0 + $1.weight }
    for candidate in nucleus {
      left -= candidate.weight
      if left < 0 { return candidate.token }
    }
    // Rounding alone leads here: the last candidate that can be chosen.
    return nucleus.last { $0.weight > 0 }?.token ?? best
  }

  /// The token with the largest logit, the lowest of equals.
  private static func best(of logits: [Float]) throws(SamplerError) -> Int {
    guard !logits.isEmpty else { throw SamplerError(.noLogits, "there are no logits") }
    var best = 0
    for (token, logit) in logits.enumerated() {
      guard !logit.isNaN, logit != .infinity else {
        throw SamplerError(
          .notANumber,
          "the logit of token \(token) is \(logit.spelledForMessages): the weights are damaged, or the computation "
            + "overflowed; try f32 activations")
      }
      if logit > logits[best] { best = token }
    }
    guard logits[best] != -.infinity else {
      throw SamplerError(.nothingPossible, "every logit is -inf: no token can be chosen")
    }
    return best
  }

  /// A token that may be chosen, with a weight that is its probability times a constant.
  private struct Candidate {
    var token: Int
    var weight: Double

    /// The likelier of two comes first, the lower of two as likely.
    static func isBefore(_ a: Candidate, _ b: Candidate) -> Bool {
      a.weight > b.weight || (a.weight == b.weight && a.token < b.token)
    }
  }

  /// The tokens that top-k leaves, in the order of their numbers.
  private func candidates(_ logits: [Float], largest: Float) -> [Candidate] {
    let limit = options.topK ?? logits.count
    let tokens = limit < logits.count ? Self.top(limit, of: logits) : Array(logits.indices)
    return tokens.map { token in
      let exponent = (Double(logits[token]) - Double(largest)) / options.temperature
      return Candidate(token: token, weight: PortableExponential.exp(exponent))
    }
  }

  /// The `count` tokens with the largest logits, lower ones first among equals, in ascending order.
  private static func top(_ count: Int, of logits: [Float]) -> [Int] {
    var heap = LowestFirstHeap()
    for (token, logit) in logits.enumerated() {
      let key = UInt64(orderedBits(logit)) << 32 | UInt64(~UInt32(token))
      if heap.values.count < count {
        heap.push(key)
      } else if let lowest = heap.lowest, lowest < key {
        heap.popLowest()
        heap.push(key)
      }
    }
    return heap.values.map { Int(~UInt32(truncatingIfNeeded: $0)) }.sorted()
  }

  /// Bits that compare as the numbers do; both zeros are the same.
  private static func orderedBits(_ logit: Float) -> UInt32 {
    let bits = (logit + 0).bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
  }

  /// The candidates by likelihood, if top-p will ask for their order. Those too unlikely to be
  /// asked for are left out first: n of them, each below (1 - p)/n of all, leave more than p.
  private func likeliest(_ candidates: [Candidate]) -> (of: [Candidate], total: Double) {
    let total = candidates.reduce(0) { $0 + $1.weight }
    guard let topP = options.topP, topP < 1 else { return (candidates, total) }
    let least = (1 - topP) * total / Double(candidates.count) * 0.5
    return (candidates.filter { $0.weight >= least }.sorted(by: Candidate.isBefore), total)
  }

  /// The first candidates that together reach top-p.
  private func nucleus(_ likeliest: (of: [Candidate], total: Double)) -> ArraySlice<Candidate> {
    guard let topP = options.topP, topP < 1 else { return likeliest.of[...] }
    var reached = 0.0
    let crossing = likeliest.of.firstIndex { candidate in
      reached += candidate.weight
      return reached >= topP * likeliest.total
    }
    return likeliest.of[...(crossing ?? likeliest.of.count - 1)]
  }
}
