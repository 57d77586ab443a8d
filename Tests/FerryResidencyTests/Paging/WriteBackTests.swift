import FerryDeviceTesting
import FerryDevices
import FerryTensors
import Testing

@testable import FerryResidency

@Suite("States beside weights that leave a device", .timeLimit(.minutes(10)))
struct WriteBackTests {
  /// Two models, of which the second needs all of the room, and states of the first.
  private struct Setup {
    let places: TestPlaces
    let models: [TestModel]
    let weights: [PagedWeights]
    let states: [TestState]
    let pool: ResidencyPool
    var device: DeviceContext { places.devices[0] }

    init(
      able: Bool, stateCount: Int = 3, fitsAlmost: Bool = false, pins: HostPins = HostPins()
    ) async throws {
      places = try TestPlaces(able: able, pins: pins)
      models = try [TestModel(.plain), TestModel(.mixed)]
      weights = try models.map { [places] in
        PagedWeights(
          try $0.pageable(places.host), on: places.devices[0], mover: places.mover,
          pageByteCount: 8192)
      }
      let sizes = weights.map { $0.segmentBytes.reduce(0, +) }
      let room = fitsAlmost ? sizes.reduce(0, +) - 1 : sizes.max() ?? 0
      pool = ResidencyPool { _ in room }
      try await pool.register("first", weights[0])
      try await pool.register("second", weights[1])
      // What is registered of the images is when they came.
      for (name, weights) in [("second", weights[1]), ("first", weights[0])] {
        try await Self.use(all: weights, named: name, of: pool)
        try await pool.park(name)
      }
      try await pool.withModel("first") { _ in }
      states = try (0..<stateCount).map { [places] _ in
        try TestState(places.devices[0], byteCount: 9000, filled: 7000)
      }
      for state in states { weights[0].attach(state) }
    }

    /// A step that reaches all of a model.
    private static func use(
      all weights: PagedWeights, named name: String, of pool: ResidencyPool
    ) async throws {
      try await pool.withModel(name) { _ in
        try await weights.withStep { step in
          for segment in weights.layout.segments.indices { _ = try step.acquire(segment: segment) }
        }
      }
    }

    /// What is told while the second model takes the place of the first, of all of it.
    func change() async throws -> [PoolEvent] {
      let events = pool.makeEvents()
      try await pool.park("second")
      try await Self.use(all: weights[1], named: "second", of: pool)
      var told: [PoolEvent] = []
      var left = 2
      for await event in events {
        told.append(event)
        switch event.kind {
        case .wroteBack, .keptCaches, .loaded: left -= 1
        default: continue
        }
        if left == 0 { break }
      }
      return told
    }

    /// A step of the first model, which needs its states.
    func step() async throws {
      try await pool.withModel("first") { [weights, states] _ in
        try await weights[0].withStep { step in
          for state in states { try step.recall(state) }
          _ = try step.acquire(segment: 0)
        }
      }
    }

    func leave() async throws {
      for name in ["first", "second"] { try await pool.unload(name) }
      try device.drain()
    }
  }

  @Test(
    "go to the host with all of the weights, and come back for a step", arguments: [false, true])
  func wentAndCame(able: Bool) async throws {
    let setup = try await Setup(able: able)
    for _ in 0..<2 {
      let told = try await setup.change()
      #expect(
        told.contains { $0.kind == .wroteBack(bytes: 3 * 7000) && $0.model == "first" }, "\(told)")
      for state in setup.states {
        #expect(state.context === setup.places.host)
        #expect(try state.isIntact())
      }
      try setup.device.drain()
      let held = await setup.pool.bytesUsed
      #expect(setup.device.bytesInUse == held)
      let events = setup.pool.makeEvents()
      try await setup.step()
      var returned = 0
      for await event in events {
        guard case .broughtBack(let bytes) = event.kind else { continue }
        #expect(bytes == 7000 && event.model == "first" && event.seconds >= 0)
        returned += 1
        if returned == setup.states.count { break }
      }
      for state in setup.states {
        #expect(state.context === setup.device)
        #expect(try state.isIntact())
      }
    }
    try await setup.leave()
    #expect(setup.device.bytesInUse == 0)
  }

  @Test(
    "are in registered memory as far as its budget goes, in pageable memory beyond it, and accounted",
    arguments: 0...3)
  func registered(count: Int) async throws {
    // Room for both images and for some states, each in whole pages.
    let ample = HostPins()
    let images = try await { () async throws -> Int in
      let setup = try await Setup(able: true, pins: ample)
      defer { withExtendedLifetime(setup) {} }
      return ample.budget.bytesUsed
    }()
    let pins = HostPins(budget: PinnedBudget(.bytes(images + count * Self.pages(9000) + 4095)))
    let setup = try await Setup(able: true, pins: pins)
    let before = setup.places.host.bytesInUse
    for _ in 0..<2 {
      _ = try await setup.change()
      #expect(setup.states.count { $0.isPinned } == count)
      #expect(setup.states.allSatisfy { $0.context === setup.places.host })
      #expect(pins.budget.bytesUsed == images + count * Self.pages(9000))
      setup.places.mover.trim()
      #expect(setup.places.host.bytesInUse == before + 3 * 9000)
      try await setup.step()
      for state in setup.states { #expect(try state.isIntact()) }
      #expect(pins.budget.bytesUsed == images)
    }
    try await setup.leave()
  }

  private static func pages(_ byteCount: Int) -> Int { (max(1, byteCount) + 4095) / 4096 * 4096 }

  @Test("stay where a part of the weights stays")
  func partly() async throws {
    let setup = try await Setup(able: false, fitsAlmost: true)
    try await setup.pool.withModel("second") { _ in }
    let left = try await setup.pool.residentBytes(of: "first")
    #expect(left > 0 && left < setup.weights[0].segmentBytes.reduce(0, +))
    for state in setup.states { #expect(state.context === setup.device) }
    try await setup.leave()
    for state in setup.states { #expect(state.context === setup.places.host) }
  }

  @Test("that cannot be written stay on the device, which is told, and the weights go all the same")
  func refused() async throws {
    let setup = try await Setup(able: false)
    for state in setup.states { state.refuses = true }
    let told = try await setup.change()
    #expect(
      told.contains {
        if case .keptCaches(let reason) = $0.kind { reason.contains("Refused") } else { false }
      }, "\(told)")
    #expect(try await setup.pool.residentBytes(of: "first") == 0)
    for state in setup.states { #expect(state.context === setup.device) }
    try await setup.step()
    for state in setup.states { #expect(try state.isIntact()) }
    try await setup.leave()
  }

  @Test("of which one copy fails: the others go, that one stays, and nothing is lost")
  func oneFails() async throws {
    let setup = try await Setup(able: false)
    setup.places.backends[0].fail(.download, number: 2)
    let told = try await setup.change()
    #expect(told.contains { if case .wroteBack(14_000) = $0.kind { true } else { false } })
    #expect(setup.states.map { $0.context === setup.device } == [false, true, false])
    for state in setup.states { #expect(try state.isIntact()) }
    // On the way back it is the same.
    setup.places.backends[0].fail(.upload, repeatedly: true)
    await #expect(throws: DeviceError.self) {
      try await setup.weights[0].withStep { [states = setup.states] step in
        for state in states { try step.recall(state) }
      }
    }
    setup.places.backends[0].clearFaults()
    try await setup.step()
    for state in setup.states {
      #expect(state.context === setup.device)
      #expect(try state.isIntact())
    }
    try await setup.leave()
  }

  @Test("leave while others arrive: both together take about as long as the longer")
  func overlap() async throws {
    var shares: [Double] = []
    // A machine that is busy elsewhere may spoil one of them.
    for _ in 0..<5 where (shares.max() ?? 0) < 0.5 {
      let setup = try await Setup(able: false, stateCount: 25)
      setup.places.backends[0].copyDelay = .milliseconds(2)
      let told = try await setup.change()
      let written = try #require(told.last { $0.kind == .wroteBack(bytes: 25 * 7000) })
      let loaded = try #require(told.last { if case .loaded = $0.kind { true } else { false } })
      let times = [written, loaded].map { ($0.time - .seconds($0.seconds), $0.time) }
      let start = min(times[0].0, times[1].0)
      let all = (max(times[0].1, times[1].1) - start) / .seconds(1)
      // How much of the shorter is hidden behind the longer.
      let (one, other) = (written.seconds, loaded.seconds)
      shares.append((one + other - all) / min(one, other))
      setup.places.backends[0].copyDelay = .zero
      try await setup.leave()
    }
    #expect((shares.max() ?? 0) >= 0.5, "\(shares)")
  }
}
