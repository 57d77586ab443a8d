import Testing

@testable import FerryResidency

/// Models that leave, and those that were announced and do not come.
@Suite(.timeLimit(.minutes(10))) final class PoolDepartureTests {
  private var state = PoolState(options: PoolOptions(patience: 0))

  /// Models 0 and 1 of 100 bytes in room for 100.
  init() {
    for name in ["a", "b"] { _ = state.add(name, segmentBytes: [100], secondsPerByte: 1) }
  }

  private func next() -> PoolAction { state.next(at: 0, capacity: { 100 }) }

  /// Whether a request is served at once.
  private func ask(_ id: Int, _ model: Int, held: [Int] = []) -> Bool {
    state.request(PoolRequest(id: id, model: model, since: 0, held: held))
  }

  private func departed() -> [Int] { state.takeDeparted() }

  /// Begins what is decided, which must be a load.
  private func beginLoad() throws -> PoolLoad {
    guard case .load(let load) = next() else { throw FakeMember.Broken() }
    state.begin(load)
    return load
  }

  private func bring(_ id: Int, _ model: Int) throws {
    #expect(!ask(id, model))
    state.end(came: try beginLoad().segments, stayed: [], seconds: 1)
    guard case .grant([id]) = next() else { throw FakeMember.Broken() }
  }

  @Test func aModelIsNotForgottenWhileItsBytesGo() throws {
    try bring(0, 0)
    state.release(0, at: 0)
    _ = ask(1, 1)
    let load = try beginLoad()
    state.depart(0, leaving: true)
    #expect(departed() == [])
    state.end(came: load.segments, stayed: [], seconds: 1)
    #expect(departed() == [0])
  }

  @Test func parkingEndsThoughSomebodyAsksAgain() throws {
    try bring(0, 0)
    state.depart(0, leaving: false)
    // Leases that came later would keep it for ever.
    #expect(!ask(1, 0))
    guard case .wait = next() else { throw FakeMember.Broken() }
    state.release(0, at: 0)
    #expect(try beginLoad().purpose == .departure)
    state.end(came: [], stayed: [], seconds: 1)
    #expect(departed() == [0])
    #expect(try beginLoad().segments == [0])
  }

  @Test func whatIsAnnouncedAndLeavesIsPassedOver() throws {
    _ = state.declare([0, 1])
    state.remove(0)
    #expect(try beginLoad().model == 1)
  }

  @Test func whatIsAnnouncedAndFailsIsNotTriedAgainAndAgain() throws {
    _ = state.declare([0])
    _ = try beginLoad()
    state.end(came: [], stayed: [], seconds: 1)
    guard case .wait = next() else { throw FakeMember.Broken() }
    #expect(!ask(0, 0))
    #expect(try beginLoad().segments == [0])
  }

  @Test func aTaskThatHoldsAModelTwiceWaitsAsOthersDo() throws {
    // Another task holds model 0 twice, and waits: the request for model 1 cannot be served.
    try bring(0, 0)
    #expect(ask(1, 0))
    #expect(!ask(2, 1))
    _ = state.add("c", segmentBytes: [100], secondsPerByte: 1)
    #expect(!ask(3, 2, held: [0, 0]))
    guard case .fail(2, let error) = next() else { throw FakeMember.Broken() }
    #expect(error.code == .deadlock)
  }

  @Test func aTaskMayOutliveTheLeaseItWasBegunIn() async throws {
    let pool = ResidencyPool { _ in 100 }
    let (a, b) = (FakeMember(100), FakeMember(100))
    try await pool.register("a", a)
    try await pool.register("b", b)
    let goOn = Flag()
    let task = try await pool.withModel("a") { _ in
      Task {
        try await goOn.wait()
        try await pool.withModel("b") { _ in }
      }
    }
    try await pool.unload("a")
    goOn.raise()
    try await task.value
    #expect(b.residentBytes == 100)
  }

  /// It would wait for itself.
  @Test func whoUsesAModelCannotWaitUntilItGoes() async throws {
    let pool = ResidencyPool { _ in 200 }
    for name in ["a", "b"] { try await pool.register(name, FakeMember(100)) }
    try await pool.withModel("a") { _ in
      for attempt in [pool.park, pool.unload] {
        await #expect { try await attempt("a") } throws: {
          ($0 as? ResidencyError)?.code == .deadlock
        }
      }
      try await pool.unload("b")
    }
    try await pool.unload("a")
    #expect(await pool.bytesUsed == 0)
  }

  @Test(arguments: [true, false]) func whatDepartsNeedNotCome(leaving: Bool) async throws {
    let pool = ResidencyPool { _ in 200 }
    let member = FakeMember(100)
    member.delay(.milliseconds(20))
    try await pool.register("a", member)
    try await pool.prefetch("a")
    while member.broughtBytes == 0 { try await Task.sleep(for: .milliseconds(1)) }
    try await leaving ? pool.unload("a") : pool.park("a")
    #expect(member.broughtBytes < 100 && member.residentBytes == 0)
    #expect(await pool.bytesUsed == 0)
    try await Task.sleep(for: .milliseconds(50))
    #expect(member.loads == 1)
  }

  @Test func aModelThatIsUnloadedByManyLeavesOnce() async throws {
    let pool = ResidencyPool { _ in 100 }
    try await pool.register("a", FakeMember(100))
    try await pool.withModel("a") { _ in }
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          try? await pool.unload("a")
          try? await pool.register("a", FakeMember(100))
        }
      }
    }
    try await pool.withModel("a") { _ in }
    #expect(await pool.bytesUsed == 100)
  }
}
