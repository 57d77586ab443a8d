import Testing

@testable import FerryResidency

/// Clients that never let go of models which cannot be there together, on a clock of their own.
@Suite struct PoolFairnessTests {
  /// Each client uses a model for a millisecond and asks for it again at once; a load takes ten.
  private struct Clients {
    static let use = 0.001, load = 0.01, tick = 0.0005
    var state: PoolState
    var now = 0.0
    var asked: [Int: PoolRequest] = [:]
    var using: [(model: Int, until: Double)] = []
    var loading: (load: PoolLoad, until: Double)?
    var leases: [Int]
    var loads = 0
    var longestWait = 0.0
    private var requestCount = 0

    init(_ count: Int, patience: Double) {
      state = PoolState(options: PoolOptions(patience: patience))
      leases = Array(repeating: 0, count: count)
      for model in 0..<count {
        _ = state.add("\(model)", segmentBytes: [100], secondsPerByte: 1e-4)
      }
    }

    mutating func run(seconds: Double) {
      for model in leases.indices { ask(model) }
      while now < seconds {
        for (model, _) in using.filter({ $0.until <= now }) {
          state.release(model, at: now)
          using.removeAll { $0.model == model }
          ask(model)
        }
        if let (load, until) = loading, until <= now {
          state.end(came: load.segments, stayed: [], seconds: Self.load)
          loading = nil
        }
        decide()
        now += Self.tick
      }
    }

    private mutating func ask(_ model: Int) {
      let request = PoolRequest(id: requestCount, model: model, since: now, held: [])
      requestCount += 1
      asked[request.id] = request
      if state.request(request) { begin(request.id) }
    }

    private mutating func begin(_ id: Int) {
      guard let request = asked.removeValue(forKey: id) else { return }
      longestWait = max(longestWait, now - request.since)
      leases[request.model] += 1
      using.append((request.model, now + Self.use))
    }

    private mutating func decide() {
      while true {
        switch state.next(at: now, capacity: { 100 }) {
        case .grant(let ids): for id in ids { begin(id) }
        case .load(let load):
          state.begin(load)
          loads += 1
          loading = (load, now + Self.load)
        case .fail(let id, let error): Issue.record("\(id): \(error)")
        case .wait: return
        }
      }
    }
  }

  @Test(arguments: [2, 3, 5], [0.05, 0.2]) func nobodyWaitsForMoreThanTheOthers(
    count: Int, patience: Double
  ) {
    var clients = Clients(count, patience: patience)
    clients.run(seconds: 3)
    // Each of the others is there for as long as somebody has patience, and comes and ends a use.
    let turn = patience + Clients.load + 2 * Clients.use
    #expect(clients.longestWait <= Double(count - 1) * turn, "\(clients.longestWait)")
    let (least, most) = (clients.leases.min() ?? 0, clients.leases.max() ?? 0)
    #expect(least > 0 && Double(most) <= 1.5 * Double(least), "\(clients.leases)")
    // They do not thrash: each model comes once in the time that somebody has patience.
    #expect(Double(clients.loads) <= Double(count) * (3 / patience + 1), "\(clients.loads)")
  }
}
