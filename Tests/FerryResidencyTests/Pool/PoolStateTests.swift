import Testing

@testable import FerryResidency

/// Clients that ask for a model again as soon as they have used it, on a clock of their own: a load takes 20 ms, a
/// use 1 ms.
private struct Clients {
  var state: PoolState
  var now = 0.0
  private let capacity: Int
  private var ending: [(time: Double, event: Event)] = []
  private var models: [Int: Int] = [:]
  private var nextRequest = 0
  private(set) var uses: [Int: Int] = [:]
  private(set) var loads = 0
  private(set) var longestWait = 0.0

  private enum Event {
    case loaded(PoolLoad)
    case used(Int)
    case timer
  }

  /// One client for each of `count` models of 100 bytes.
  init(_ count: Int, capacity: Int, patience: Double) {
    state = PoolState(options: PoolOptions(patience: patience))
    self.capacity = capacity
    for number in 0..<count {
      let segments = Array(repeating: 10, count: 10)
      _ = state.add("\(number)", segmentBytes: segments, secondsPerByte: 1)
    }
    for number in 0..<count { ask(number) }
  }

  mutating func run(seconds: Double) {
    while now < seconds {
      act()
      guard let next = ending.indices.min(by: { ending[$0].time < ending[$1].time }) else { return }
      let (time, event) = ending.remove(at: next)
      now = max(now, time)
      switch event {
      case .timer: continue
      case .used(let model):
        state.release(model, at: now)
        ask(model)
      case .loaded(let load):
        state.end(came: load.segments, stayed: [], seconds: 0.02)
      }
    }
  }

  private mutating func ask(_ model: Int) {
    let request = PoolRequest(id: nextRequest, model: model, since: now, held: [])
    nextRequest += 1
    models[request.id] = model
    since[request.id] = now
    if state.request(request) { use(request.id) }
  }

  private var since: [Int: Double] = [:]

  private mutating func use(_ request: Int) {
    guard let model = models[request], let since = since[request] else { return }
    longestWait = max(longestWait, now - since)
    uses[model, default: 0] += 1
    ending.append((now + 0.001, .used(model)))
  }

  private mutating func act() {
    while true {
      let capacity = capacity
      switch state.next(at: now, capacity: { capacity }) {
      case .grant(let requests): for request in requests { use(request) }
      case .fail: return
      case .load(let load):
        loads += 1
        state.begin(load)
        ending.append((now + 0.02, .loaded(load)))
      case .wait(let until):
        if let until { ending.append((max(until, now + 1e-6), .timer)) }
        return
      }
    }
  }
}

@Suite struct PoolStateTests {
  @Test func twoClientsDoNotThrash() {
    var clients = Clients(2, capacity: 100, patience: 0.2)
    clients.run(seconds: 10)
    // About one change in the time that a request may wait, where every request would make one of 5,000.
    #expect(clients.loads < 60)
    #expect(clients.uses.values.min() ?? 0 > 2000)
    #expect(clients.longestWait < 0.2 + 0.02 + 0.002)
  }

  @Test func fiveClientsAreAllServed() {
    var clients = Clients(5, capacity: 200, patience: 0.1)
    clients.run(seconds: 10)
    let counts = (0..<5).map { clients.uses[$0] ?? 0 }
    #expect(counts.min() ?? 0 > 100)
    // Each waits at most for a turn of each that came before it.
    #expect(clients.longestWait < 5 * (0.1 + 0.02) + 0.02)
  }

  @Test func clientsThatFitTogetherLoadOnce() {
    var clients = Clients(3, capacity: 300, patience: 0.1)
    clients.run(seconds: 1)
    #expect(clients.loads == 3)
  }

  /// A large model waits for a lease; small ones that fit beside that come meanwhile, and the large one no later than
  /// it would be made to wait by clients of models that are there.
  @Test func smallModelsPassALargeOneThatCannotComeYet() {
    var state = PoolState(options: PoolOptions(patience: 1))
    for bytes in [50, 100, 20, 20] {
      _ = state.add("\(state.entries.count)", segmentBytes: [bytes], secondsPerByte: 1)
    }
    func next(at now: Double) -> PoolAction { state.next(at: now) { 100 } }
    var id = 0
    func ask(_ model: Int, at now: Double) {
      _ = state.request(PoolRequest(id: id, model: model, since: now, held: []))
      id += 1
    }
    func expectLoad(of model: Int, at now: Double) {
      guard case .load(let load) = next(at: now) else {
        Issue.record("no load of \(model)")
        return
      }
      #expect(load.model == model)
      state.begin(load)
      state.end(came: load.segments, stayed: [], seconds: 0.01)
      guard case .grant(let ids) = next(at: now) else {
        Issue.record("\(model) is there, and not lent")
        return
      }
      #expect(ids.count == 1)
    }
    ask(0, at: 0)
    expectLoad(of: 0, at: 0)
    ask(1, at: 0)
    ask(2, at: 0.1)
    expectLoad(of: 2, at: 0.1)
    // Overdue, it is passed by nobody, though there is room.
    ask(3, at: 1.1)
    guard case .wait(nil) = next(at: 1.1) else {
      Issue.record("an overdue request is overtaken")
      return
    }
    state.release(0, at: 1.2)
    state.release(2, at: 1.2)
    expectLoad(of: 1, at: 1.2)
  }

  @Test func requestsWithoutPatienceAreServedInTurns() {
    var clients = Clients(2, capacity: 100, patience: 0)
    clients.run(seconds: 5)
    let counts = [clients.uses[0] ?? 0, clients.uses[1] ?? 0]
    #expect(counts.min() ?? 0 > 50)
    #expect(abs(counts[0] - counts[1]) <= 1)
  }
}
