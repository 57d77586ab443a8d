import Glibc

/// Makes traces of the kinds that services and workflows show, each from a seed and always the same from it.
///
/// Models have 1 to 24 GB in 50 to 200 segments: two a layer, the attention half as large as the rest. The budgets are chosen so that eviction matters: a part of what
/// is in use together.
package struct TraceGenerator: Sendable {
  /// What decides who is asked for next.
  package enum Kind: String, CaseIterable, Sendable {
    /// A workflow over and over.
    case cyclic
    /// A cycle over some of the models, then over others.
    case phases
    /// Independent requests of unequal popularity.
    case zipf
  }

  /// A trace, and a budget to serve it in.
  package struct Problem: Sendable {
    /// The trace.
    package let trace: RequestTrace
    /// In bytes.
    package let budget: Int
  }

  private var random: SplitMix

  /// A generator of the traces of `seed`.
  package init(seed: UInt64) { random = SplitMix(state: seed) }

  /// A trace of this kind.
  package mutating func problem(_ kind: Kind) -> Problem {
    switch kind {
    case .cyclic: cyclic()
    case .phases: phases()
    case .zipf: zipf()
    }
  }

  private mutating func cyclic() -> Problem {
    let models = makeModels(Int.random(in: 4...8, using: &random))
    let share = Double.random(in: 0.5...0.75, using: &random)
    let order = models.indices.shuffled(using: &random)
    return problem(
      models, sequence: (0..<600).map { order[$0 % order.count] },
      budget: Double(models.totalBytes) * share)
  }

  private mutating func phases() -> Problem {
    let models = makeModels(Int.random(in: 8...14, using: &random))
    let largest = models.map(\.byteCount).max() ?? 0
    let budget = Double(largest) * Double.random(in: 1.6...2.6, using: &random)
    var sequence: [Int] = []
    while sequence.count < 1200 {
      let bytes = budget * Double.random(in: 1.1...1.5, using: &random)
      var order = models.indices.shuffled(using: &random)
      var held = 0
      var cycle: [Int] = []
      while Double(held) < bytes, let model = order.popLast() {
        cycle.append(model)
        held += models[model].byteCount
      }
      for _ in 0..<Int.random(in: 15...40, using: &random) { sequence += cycle }
    }
    return problem(models, sequence: Array(sequence.prefix(1200)), budget: budget)
  }

  private mutating func zipf() -> Problem {
    let models = makeModels(Int.random(in: 10...20, using: &random))
    let exponent = Double.random(in: 0.9...1.1, using: &random)
    let share = Double.random(in: 0.25...0.4, using: &random)
    let popular = models.indices.shuffled(using: &random)
    let weights = models.indices.map { pow(Double($0 + 1), -exponent) }
    let sequence = (0..<3000).map { _ in popular[draw(weights)] }
    return problem(models, sequence: sequence, budget: Double(models.totalBytes) * share)
  }

  /// An index, as probable as its weight.
  private mutating func draw(_ weights: [Double]) -> Int {
    var rest = Double.random(in: 0..<weights.reduce(0, +), using: &random)
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return weights.count - 1
  }

  private mutating func makeModels(_ count: Int) -> [RequestTrace.Model] {
    (0..<count).map { number in
      let bytes = Double.random(in: 1e9...24e9, using: &random)
      // Larger models have more layers.
      let layers = Int(24 + bytes / 24e9 * Double.random(in: 40...72, using: &random))
      // An embedding and a head beside the layers, each as large as two of them.
      let layer = Int(bytes / Double(layers + 4))
      let halves = [layer / 3, layer - layer / 3]
      let segments = [2 * layer] + (0..<layers).flatMap { _ in halves } + [2 * layer]
      return .init(name: "model-\(number)", segments: segments)
    }
  }

  /// Requests compute for 0.1 to 3 seconds. The budget holds at least the largest model.
  private mutating func problem(
    _ models: [RequestTrace.Model], sequence: [Int], budget: Double
  ) -> Problem {
    let requests = sequence.map { model in
      RequestTrace.Request(model: model, seconds: Double.random(in: 0.1...3, using: &random))
    }
    let trace = RequestTrace(models: models, requests: requests)
    return Problem(trace: trace, budget: max(Int(budget), trace.largestRequest * 21 / 20))
  }
}

extension [RequestTrace.Model] {
  fileprivate var totalBytes: Int { reduce(0) { $0 + $1.byteCount } }
}

/// Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
