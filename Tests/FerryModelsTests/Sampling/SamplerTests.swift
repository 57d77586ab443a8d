import Testing

@testable import FerryModels

struct SamplerTests {
  private func sampler(
    _ temperature: Double, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 1
  ) throws -> Sampler {
    Sampler(try SamplingOptions(temperature: temperature, topK: topK, topP: topP, seed: seed))
  }

  /// How often each token is chosen in 4000 draws.
  private func counts(_ sampler: Sampler, _ logits: [Float]) throws -> [Int] {
    var sampler = sampler
    var counts = [Int](repeating: 0, count: logits.count)
    for _ in 0..<4000 { counts[try sampler.choose(logits)] += 1 }
    return counts
  }

  /// Each count within 5 standard deviations of its binomial distribution: a right sampler fails once
  /// in a million tokens, and seeds are fixed.
  private func expect(_ counts: [Int], follow probabilities: [Double]) {
    let draws = Double(counts.reduce(0, +))
    for (count, probability) in zip(counts, probabilities) {
      let deviation = (draws * probability * (1 - probability)).squareRoot()
      #expect(abs(Double(count) - draws * probability) <= 5 * deviation, "\(counts)")
    }
  }

  @Test func greedyTakesTheLargestAndTheLowestOfEquals() throws {
    var sampler = try sampler(0)
    #expect(try sampler.choose([-1, 3, 2]) == 1)
    #expect(try sampler.choose([2, 7, 7, 7]) == 1)
    #expect(try sampler.choose([-0.0, 0.0]) == 0)
    #expect(try sampler.choose([-.infinity, -5]) == 1)
  }

  @Test func aTopKOfOneIsGreedy() throws {
    var sampler = try sampler(5, topK: 1)
    for _ in 0..<50 { #expect(try sampler.choose([1, 1.5, 1.5]) == 1) }
  }

  @Test(arguments: [0.5, 1, 2.5]) func frequenciesFollowTheSoftmax(temperature: Double) throws {
    let probabilities = [0.5, 0.25, 0.125, 0.0625, 0.0625]
    // 2^-n as logits of base e, undone by the temperature.
    let logits = [-1, -2, -3, -4, -4].map { Float($0 * 0.6931471805599453 * temperature) }
    expect(try counts(sampler(temperature), logits), follow: probabilities)
  }

  @Test func aTemperatureFlattensOrSharpens() throws {
    let logits: [Float] = [0, 1]
    // 1 / (1 + e^(1/2)) and 1 / (1 + e^4).
    expect(try counts(sampler(2), logits), follow: [0.37754067, 0.62245933])
    expect(try counts(sampler(0.25), logits), follow: [0.01798621, 0.98201379])
  }

  @Test func topKKeepsTheLikeliestLowestFirst() throws {
    let logits: [Float] = [0, 0.6931472, 0, 0, -3]
    expect(try counts(sampler(1, topK: 3), logits), follow: [0.25, 0.5, 0.25, 0, 0])
    expect(try counts(sampler(1, topK: 99), [0, 0]), follow: [0.5, 0.5])
  }

  @Test func topPKeepsTheTokenThatCrosses() throws {
    let logits = [0.125, 0.5, 0.25, 0.125].map { Float(log2($0) * 0.6931471805599453) }
    let third = 1.0 / 3
    expect(try counts(sampler(1, topP: 0.4), logits), follow: [0, 1, 0, 0])
    expect(try counts(sampler(1, topP: 0.6), logits), follow: [0, 2 * third, third, 0])
    expect(try counts(sampler(1, topP: 0.8), logits), follow: [1 / 7.0, 4 / 7.0, 2 / 7.0, 0])
    expect(try counts(sampler(1, topP: 1), logits), follow: [0.125, 0.5, 0.25, 0.125])
  }

  private func log2(_ value: Double) -> Double { Double(value.exponent) }

  /// Top-p counts shares of what top-k left: 2/3 and 1/3, not 1/2 and 1/4.
  @Test func topPComesAfterTopK() throws {
    let logits: [Float] = [0, -0.6931472, -1.3862944, -1.3862944]
    expect(try counts(sampler(1, topK: 2, topP: 0.6), logits), follow: [1, 0, 0, 0])
    expect(try counts(sampler(1, topP: 0.6), logits), follow: [2 / 3.0, 1 / 3.0, 0, 0])
  }

  /// Leaving out the unlikely before sorting must not change what top-p keeps.
  @Test(arguments: [0.01, 0.3, 0.5, 0.9, 0.99, 0.999]) func topPKeepsWhatItsDefinitionKeeps(
    topP: Double
  ) throws {
    var state: UInt64 = 7
    let logits: [Float] = (0..<400).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) * 0x1p-24 * 9
    }
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    let weights = order.map { PortableExponential.exp(Double(logits[$0] - logits[order[0]])) }
    var reached = 0.0
    var kept: Set<Int> = []
    for (token, weight) in zip(order, weights) where reached < topP * weights.reduce(0, +) {
      kept.insert(token)
      reached += weight
    }
    var sampler = try sampler(1, topP: topP)
    var seen: Set<Int> = []
    for _ in 0..<300 { seen.insert(try sampler.choose(logits)) }
    #expect(seen.isSubset(of: kept))
    if topP < 0.1 { #expect(seen == kept) }
  }

  @Test func tokensOfNoProbabilityAreNeverChosen() throws {
    let counts = try counts(sampler(1), [-.infinity, 0, -.infinity, 0, -.infinity])
    #expect(counts[0] == 0 && counts[2] == 0 && counts[4] == 0)
    #expect(
      try self.counts(sampler(1, topK: 4), [-.infinity, 0, -.infinity, -.infinity, -.infinity]) == [
        0, 4000, 0, 0, 0,
      ])
  }

  @Test func aSeedGivesTheSameTokensAndAnotherSeedOthers() throws {
    let logits = [Float](repeating: 0, count: 1000)
    let draw = { (seed: UInt64) in
      var sampler = try sampler(1, seed: seed)
      return try (0..<20).map { _ in try sampler.choose(logits) }
    }
    #expect(try draw(42) == draw(42))
    #expect(try draw(42) != draw(43))
    // These are the tokens on every platform, now and later: the generator's units times 1000.
    #expect(try draw(42).prefix(6) == Self.tokensOfSeed42)
  }

  private static let tokensOfSeed42: ArraySlice<Int> = [83, 378, 680, 924, 991, 769]

  @Test func damagedLogitsAreErrors() throws {
    let cases: [([Float], SamplerError.Code)] = [
      ([0, .nan, 1], .notANumber), ([0, .infinity], .notANumber), ([], .noLogits),
      ([-.infinity, -.infinity], .nothingPossible),
    ]
    for temperature in [0.0, 1.0] {
      for (logits, code) in cases {
        var sampler = try sampler(temperature)
        let error = #expect(throws: SamplerError.self) { try sampler.choose(logits) }
        #expect(error?.code == code)
      }
    }
  }

  @Test func settingsOutOfRangeAreErrors() {
    #expect(throws: SamplerError.self) { try SamplingOptions(temperature: -0.1) }
    #expect(throws: SamplerError.self) { try SamplingOptions(temperature: .nan) }
    #expect(throws: SamplerError.self) { try SamplingOptions(temperature: .infinity) }
    #expect(throws: SamplerError.self) { try SamplingOptions(topK: 0) }
    for topP in [0, -1, 1.1, .nan] {
      #expect(throws: SamplerError.self) { try SamplingOptions(topP: topP) }
    }
  }
}
