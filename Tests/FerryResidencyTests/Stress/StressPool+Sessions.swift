@testable import FerryResidency

/// Texts in progress, whose rows leave the device with their model.
extension StressPool {
  /// Those that are open over what is registered of a model.
  struct Texts: Sendable {
    let weights: PagedWeights
    let open: [StressSession]
  }

  /// How many texts a model has at most.
  private static let sessionLimit = 2

  /// What they take of the device beside the budget.
  var headRoom: Int {
    hasSessions ? models.count * Self.sessionLimit * StressSession.byteLimit : 0
  }

  /// A step of one of the model's texts, inside a lease; nil where there is none to be made.
  func step(
    _ member: any PoolMember, _ number: Int, _ random: inout SplitMix
  ) async throws -> Int? {
    guard hasSessions, let weights = member as? PagedWeights,
      let session = session(over: weights, number, &random)
    else { return nil }
    return try await session.advance(over: weights)
  }

  /// A step of each of them.
  func stepAll(_ member: any PoolMember, _ number: Int) async throws -> [Int] {
    guard let weights = member as? PagedWeights else { return [] }
    var differences: [Int] = []
    for session in texts.change({ $0[number]?.open ?? [] }) {
      if let count = try await session.advance(over: weights) { differences.append(count) }
    }
    return differences
  }

  /// One that is open, or a new one; now and then one is closed.
  private func session(
    over weights: PagedWeights, _ number: Int, _ random: inout SplitMix
  ) -> StressSession? {
    let (choice, seed, closes) = (random.next(), random.next(), random.next() % 16 == 0)
    return texts.change { texts in
      // What was registered before may be held still while another takes its place.
      guard weights === self.weights(number) else { return nil }
      var open = texts[number].map { $0.weights === weights ? $0.open : [] } ?? []
      if closes { open = Array(open.dropFirst()) }
      if open.count < Self.sessionLimit {
        let session = StressSession(models[number], seed: seed)
        weights.attach(session)
        open.append(session)
      }
      texts[number] = Texts(weights: weights, open: open)
      return open[Int(choice % UInt64(open.count))]
    }
  }
}
