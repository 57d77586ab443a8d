import FerryDeviceTesting
import FerryDevices
import Testing

@testable import FerryResidency

/// For minutes: `FERRY_STRESS_SECONDS=300 FERRY_STRESS_SWAPS=10000 swift test -c release -Xswiftc -enable-testing
/// --filter PoolStressTests`.
@Suite(
  "Everything at once, while it fails", .serialized,
  .timeLimit(.minutes(5 + Int(StressLimit.seconds / 60) + StressLimit.swaps / 500)))
struct PoolStressTests {
  @Test(
    "every byte is right in every lease, texts go on as if undisturbed, every request ends, and nothing is left",
    arguments: 1...4)
  func forAWhile(seed: Int) async throws {
    let tally = try await run(UInt64(seed), until: .seconds(StressLimit.seconds / 4))
    #expect(tally.leases > 0)
  }

  @Test("swaps that are made to fail change no byte", arguments: [5, 6])
  func swaps(seed: Int) async throws {
    let tally = try await run(UInt64(seed), until: .swaps(StressLimit.swaps / 2))
    #expect(tally.failedLoads > 0 && tally.writeBacks > 0)
  }

  @Test(
    "the same on real devices", .enabled(if: TestDevices.absence == nil, "needs a second device"),
    arguments: 7...8)
  func onRealDevices(seed: Int) async throws {
    let devices = TestDevices.backends.dropFirst().prefix(2)
    let tally = try await run(
      UInt64(seed), until: .seconds(StressLimit.seconds / 4), on: Array(devices))
    #expect(tally.leases > 0)
  }

  private func run(
    _ seed: UInt64, until limit: StressLimit, on devices: [any DeviceBackend]? = nil
  ) async throws -> StressTally {
    var run = try StressRun(seed: seed, until: limit, on: devices) as StressRun?
    let tally = try await run?.run() ?? StressTally()
    print("seed \(seed): \(tally)")
    #expect(tally.differences == 0 && tally.steps > 0)
    #expect(tally.unexpected == [])
    let places = run?.places
    run = nil
    try places?.expectNothingLeft()
    return tally
  }
}
