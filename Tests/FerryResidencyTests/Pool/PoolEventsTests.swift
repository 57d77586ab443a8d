import Metrics
import MetricsTestKit
import Testing

@testable import FerryResidency

/// What is told is what happened: nothing is left out, twice, or in another order.
@Suite(.timeLimit(.minutes(10))) struct PoolEventsTests {
  private static let names = (0..<6).map { "\($0)" }

  /// What listeners know of a model by what they were told.
  private struct Account {
    var residentBytes = 0
    var leases = 0
    var faults: [String] = []

    mutating func take(_ event: PoolEvent, of byteCount: Int) {
      switch event.kind {
      case .loaded(let bytes, _, _, let isComplete):
        residentBytes += bytes
        if isComplete != (residentBytes == byteCount) { faults.append("\(event)") }
      case .evicted(let bytes, _): residentBytes -= bytes
      case .leased: leases += 1
      default: break
      }
      if !(0...byteCount).contains(residentBytes) { faults.append("\(event)") }
    }
  }

  /// Requests, prefetches, parkings and failures at once; then the account of events is that of the members, and the
  /// metrics' sums are those of the events.
  @Test(arguments: 1...4) func eventsAreAWholeAccount(seed: Int) async throws {
    let metrics = TestMetrics()
    let pool = withMetricsFactory(metrics) {
      ResidencyPool(options: PoolOptions(patience: 0.01)) { _ in 250 }
    }
    let members = Self.names.map { _ in FakeMember(100) }
    for (name, member) in zip(Self.names, members) { try await pool.register(name, member) }
    let events = pool.makeEvents()
    let leases = Shared(0)
    await withTaskGroup { group in
      for client in 0..<4 {
        group.addTask {
          await Self.work(pool, members, leases, SplitMix(state: UInt64(seed * 10 + client)))
        }
      }
    }
    for name in Self.names { try await pool.unload(name) }
    try await pool.register("last", FakeMember(10))
    try await pool.withModel("last") { _ in }
    var accounts: [String: Account] = [:]
    var (loaded, evicted) = (0, 0)
    for await event in events {
      accounts[event.model, default: Account()].take(event, of: event.model == "last" ? 10 : 100)
      if case .loaded(let bytes, _, _, _) = event.kind { loaded += bytes }
      if case .evicted(let bytes, _) = event.kind { evicted += bytes }
      if event.model == "last", case .loaded = event.kind { break }
    }
    #expect(accounts.values.flatMap(\.faults) == [])
    #expect(Self.names.allSatisfy { accounts[$0]?.residentBytes ?? 0 == 0 })
    #expect(Self.names.reduce(0) { $0 + (accounts[$1]?.leases ?? 0) } == leases.change { $0 })
    #expect(members.reduce(10) { $0 + $1.broughtBytes } >= loaded && loaded == evicted + 10)
    #expect(metrics.counterTotal(label: "ferry_pool_loaded_bytes") == loaded)
    #expect(metrics.counterTotal(label: "ferry_pool_evicted_bytes") == evicted)
    let waits = try metrics.expectTimer("ferry_pool_wait_duration")
    #expect(waits.values.count == leases.change { $0 } + 1)
  }

  private static func work(
    _ pool: ResidencyPool, _ members: [FakeMember], _ leases: Shared<Int>, _ generator: SplitMix
  ) async {
    var random = generator
    for _ in 0..<60 {
      let number = Int.random(in: names.indices, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0: try? await pool.prefetch(names[number])
      case 1: try? await pool.park(names[number])
      case 2: members[number].fail(times: 1)
      default:
        try? await pool.withModel(names[number]) { _ in
          leases.change { $0 += 1 }
          await Task.yield()
        }
      }
    }
  }
}
