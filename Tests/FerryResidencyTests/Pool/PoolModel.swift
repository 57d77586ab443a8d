@testable import FerryResidency

/// A pool on paper, on a clock of its own: tasks that use models, inside one another too, give up, and are
/// served by loads that take time, stop and fail; and what must be true of it.
///
/// It keeps its own account of what is on the device, and compares.
struct PoolModel {
  var state: PoolState
  var now = 0.0
  let capacity: Int
  var random: SplitMix
  let shape: Shape
  /// What was not as it must be.
  var faults: [String] { log.change { $0 } }
  let log = Shared<[String]>([])
  var counts = Counts()
  var longestWait = 0.0

  /// How a pool and those who use it behave.
  struct Shape {
    var patience: Double
    var tasks: Int
    var longestUse: Double
    var longestPause: Double
    /// The seconds that a byte takes.
    var secondsPerByte: Double
    var nests: Bool
    var fails: Bool
    var administers: Bool
    /// Whether models that do not fit run through rings.
    var rings: Bool
    /// Whether models that are to go sometimes do not.
    var refuses: Bool
    var seconds: Double
  }

  struct Counts {
    var granted = 0
    var failed = 0
    var loads = 0
    var departures = 0
    /// Loads for a request that was not the first for a model that is not there.
    var overtakings = 0
    var refused = 0
  }

  /// Somebody who uses models, the innermost last.
  struct Client {
    var held: [Int] = []
    var request: PoolRequest?
  }

  enum Event {
    case ask(client: Int)
    case release(client: Int)
    case cancel(request: Int)
    case step(load: Int)
    case administer
    case timer
  }

  var clients: [Client]
  /// What is on the device, by my own account, segment by segment.
  var there: [Int: Set<Int>] = [:]
  var sizes: [Int: [Int]] = [:]
  /// The models whose rings are on the device.
  var openRings: Set<Int> = []
  var events: [(time: Double, order: Int, event: Event)] = []
  var eventCount = 0
  var requestCount = 0
  var run: LoadRun?
  var loadCount = 0
  /// Since when departures are waited for.
  var departing: [Int: Double] = [:]

  /// A load in progress, and how far it is.
  struct LoadRun {
    let load: PoolLoad
    var came: [Int] = []
    var hasGivenUp = false
    var stayed: [PoolLoad.Victim] = []
    var startsAfter: Int
    var failsAfter: Int?
    let begin: Double
  }

  init(seed: UInt64) {
    random = SplitMix(state: seed)
    let longestUse = [0.001, 0.02, 0.3].randomElement(using: &random) ?? 0.02
    shape = Shape(
      patience: [0, 0.01, 0.1, 1].randomElement(using: &random) ?? 0,
      tasks: Int.random(in: 1...7, using: &random), longestUse: longestUse,
      longestPause: [0, 0.005, 0.2].randomElement(using: &random) ?? 0,
      secondsPerByte: [1e-5, 1e-3].randomElement(using: &random) ?? 1e-4,
      nests: Bool.random(using: &random), fails: Bool.random(using: &random),
      administers: Bool.random(using: &random),
      rings: Bool.random(using: &random), refuses: Int.random(in: 0..<4, using: &random) == 0,
      seconds: 0.2 + 40 * longestUse)
    let count = Int.random(in: 1...6, using: &random)
    let models = (0..<count).map { [random] number in
      var random = SplitMix(state: random.state &+ UInt64(number) &* 7919)
      return (0..<Int.random(in: 1...6, using: &random)).map { _ in
        Int.random(in: 1...40, using: &random)
      }
    }
    let total = models.reduce(0) { $0 + $1.reduce(0, +) }
    let largest = models.map { $0.reduce(0, +) }.max() ?? 1
    let least = largest * (shape.rings ? 5 : 9) / 10
    capacity = Int.random(in: max(1, least)...max(largest, total), using: &random)
    let policies: [any EvictionPolicy] = [ExpectedReuse(), LeastRecentlyUsed(), LookAhead()]
    state = PoolState(
      options: PoolOptions(
        policy: policies.randomElement(using: &random) ?? ExpectedReuse(),
        patience: shape.patience))
    clients = Array(repeating: Client(), count: shape.tasks)
    for (number, segments) in models.enumerated() { add("\(number)", segments) }
    for client in clients.indices { schedule(.ask(client: client), within: shape.longestPause) }
    if shape.administers { schedule(.administer, within: 0.1) }
  }

  mutating func add(_ name: String, _ segments: [Int]) {
    let number = state.add(
      name, segmentBytes: segments, secondsPerByte: 1, canStream: shape.rings)
    guard let number else { return }
    there[number] = []
    sizes[number] = segments
  }

  mutating func schedule(_ event: Event, within longest: Double) {
    let time = now + (longest > 0 ? Double.random(in: 0...longest, using: &random) : 0)
    schedule(event, at: time)
  }

  mutating func schedule(_ event: Event, at time: Double) {
    eventCount += 1
    events.append((time, eventCount, event))
  }

  func expect(_ condition: Bool, _ fault: @autoclosure () -> String) {
    guard !condition else { return }
    let text = "at \(now): \(fault())"
    log.change { $0.append(text) }
  }

  // MARK: time

  /// Lets them ask for as long as the shape says, and then waits until all are served.
  mutating func runToTheEnd() {
    while log.change({ $0.isEmpty }) {
      decide()
      guard
        let next = events.indices.min(by: {
          (events[$0].time, events[$0].order) < (events[$1].time, events[$1].order)
        })
      else { break }
      let (time, _, event) = events.remove(at: next)
      now = max(now, time)
      handle(event)
      if now > shape.seconds * 20 { expect(false, "it never ends") }
    }
    expect(state.queue.isEmpty, "\(state.queue.count) requests wait for ever")
    expect(state.loading == nil, "a load never ended")
    expect(departing.isEmpty, "\(departing.keys.sorted()) never left")
    expect(clients.allSatisfy { $0.held.isEmpty }, "leases never ended")
    checkLongestWait()
  }

  mutating func handle(_ event: Event) {
    switch event {
    case .ask(let client): ask(client)
    case .release(let client): release(client)
    case .cancel(let id):
      guard let client = clients.firstIndex(where: { $0.request?.id == id }) else { return }
      expect(state.withdraw(id), "a request that waits is not in the queue")
      clients[client].request = nil
      unwind(client)
    case .step(let number): if number == loadCount { step() }
    case .administer: administer()
    case .timer: return
    }
  }

  // MARK: deciding

  mutating func decide() {
    for _ in 0..<10_000 {
      endDepartures()
      let capacity = capacity
      let action = state.next(at: now, capacity: { capacity })
      checkAccount()
      switch action {
      case .grant(let ids): for id in ids { granted(id) }
      case .fail(let id, let error):
        checkReason(error, of: id)
        failed(id)
      case .load(let load): begin(load)
      case .wait(let until):
        checkLeases()
        checkWait(until: until)
        if let until { schedule(.timer, at: max(until, now + 1e-6)) }
        return
      }
    }
    expect(false, "it decides for ever")
  }

  mutating func begin(_ load: PoolLoad) {
    counts.loads += 1
    let head = state.queue.first { !state[$0.model].isUsable }
    if load.purpose == .request, let head, head.model != load.model {
      counts.overtakings += 1
      expect(now - head.since < shape.patience, "\(load.model) overtakes an overdue \(head)")
    }
    loadCount += 1
    for victim in load.victims {
      let holders = clients.filter { $0.held.contains(victim.model) }.count
      // One that lost segments to a failed load while it was held may need others of it for its ring.
      let isOwn = victim.model == load.model && load.purpose == .request
      expect(holders == 0 || isOwn, "\(victim.model) is to go, and is held")
      expect(
        !state[victim.model].isPinned || load.purpose == .departure || isOwn,
        "\(victim.model) is to go, and is pinned")
      expect(
        there[victim.model]?.isSuperset(of: victim.segments) ?? false,
        "segments of \(victim.model) go that are not there")
    }
    state.begin(load)
    checkAccount()
    run = LoadRun(
      load: load, startsAfter: Int.random(in: 0...load.segments.count, using: &random),
      failsAfter: shape.fails && Int.random(in: 0..<6, using: &random) == 0
        ? Int.random(in: 0...load.segments.count, using: &random) : nil, begin: now)
    schedule(.step(load: loadCount), within: 1e-4)
  }

  /// What goes goes first; then segment by segment comes.
  mutating func step() {
    guard var run else { return expect(false, "a step of no load") }
    if !run.hasGivenUp {
      run.hasGivenUp = true
      run.stayed = run.load.victims
      for victim in run.load.victims {
        if shape.refuses, now < shape.seconds, Int.random(in: 0..<4, using: &random) == 0 {
          return refuse(run, victim.model)
        }
        run.stayed.removeFirst()
        state.noteRelease(victim.model)
        there[victim.model]?.subtract(victim.segments)
        let hasRing = victim.ring != nil
        let wasOpen = hasRing && openRings.remove(victim.model) != nil
        expect(wasOpen == hasRing, "a ring of \(victim.model) goes that is not there")
      }
      if run.load.ring != nil {
        let isNew = openRings.insert(run.load.model).inserted
        expect(isNew, "a second ring of \(run.load.model)")
      }
    } else {
      let segment = run.load.segments[run.came.count]
      expect(there[run.load.model]?.insert(segment).inserted ?? false, "a segment came twice")
      run.came.append(segment)
    }
    if run.came.count == run.startsAfter { state.started() }
    self.run = run
    checkAccount()
    if run.came.count == run.failsAfter { return end(failing: true) }
    guard run.came.count < run.load.segments.count, !run.load.control.shouldStop else {
      return end(failing: false)
    }
    let size = sizes[run.load.model]?[run.load.segments[run.came.count]] ?? 0
    schedule(.step(load: loadCount), at: now + Double(size) * shape.secondsPerByte)
  }

  /// One of those that were to go does not, and the load ends.
  private mutating func refuse(_ run: LoadRun, _ model: Int) {
    _ = state.noteRefusal(model, because: DeviceRefusal())
    self.run = nil
    counts.refused += 1
    state.end(came: [], stayed: run.stayed, seconds: now - run.begin, hasRing: false)
  }

  struct DeviceRefusal: Error {}

  mutating func end(failing: Bool) {
    guard let run else { return }
    self.run = nil
    if failing {
      there[run.load.model]?.subtract(run.came)
      for request in state.queue where request.model == run.load.model {
        if state.withdraw(request.id) { failed(request.id) }
      }
    }
    let isWhole = !failing && run.came.count == run.load.segments.count
    if run.load.ring != nil, !isWhole { openRings.remove(run.load.model) }
    state.end(
      came: failing ? [] : run.came, stayed: [], seconds: now - run.begin,
      hasRing: run.load.ring != nil && isWhole)
  }
}
