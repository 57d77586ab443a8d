import FerryDeviceTesting
import FerryDevices
import Synchronization
import Testing

/// Host memory registered with a driver, and the pages it is made of.
@Suite struct PinnedHostMemoryTests {
  private let backend = FaultInjectingBackend(HostBackend(), pinning: TestPinning())

  @Test func isRegisteredOnceAndGivenBack() throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    let pins = HostPins(budget: PinnedBudget(limit: 20_000))
    do {
      let allocations = try [5000, 1].map { try host.allocate(byteCount: $0) }
      let first = try pins.pin(allocations, for: device)
      let second = try pins.pin(allocations, for: device)
      #expect(zip(first, second).allSatisfy { $0 === $1 })
      #expect(backend.registeredBytes == 8192 + 4096 && pins.budget.bytesUsed == 8192 + 4096)
      #expect(first[0].view.byteCount == 5000)
    }
    #expect(backend.registeredBytes == 0 && pins.budget.bytesUsed == 0 && host.bytesInUse == 0)
    #expect(backend.misuses == [])
  }

  @Test func isRegisteredWholeOrNotAtAll() throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    let pins = HostPins(budget: PinnedBudget(limit: 3 * 4096))
    let allocations = try (0..<4).map { _ in try host.allocate(byteCount: 4096) }
    let error = #expect(throws: DeviceError.self) { try pins.pin(allocations, for: device) }
    #expect(error?.message.contains("budget of 12288") == true)
    #expect(backend.registeredBytes == 0 && pins.budget.bytesUsed == 0)
    backend.fail(.registration, number: 2)
    #expect(throws: DeviceError.self) { try pins.pin(Array(allocations[..<3]), for: device) }
    #expect(backend.registeredBytes == 0 && pins.budget.bytesUsed == 0)
    #expect(throws: Never.self) { try pins.pin(Array(allocations[..<3]), for: device) }
  }

  @Test func isOfNoUseToADeviceWithoutRegistration() throws {
    let host = try DeviceContext(HostBackend())
    let error = #expect(throws: DeviceError.self) {
      try HostPins().pin([try host.allocate(byteCount: 1)], for: host)
    }
    #expect(error?.code == .unavailable)
  }

  @Test func largeHostMemoryBeginsAtAHugePageAndIsThere() throws {
    let host = try DeviceContext(HostBackend())
    for byteCount in [(4 << 20) + 1, (130 << 20) + 4097] {
      let memory = try host.allocate(byteCount: byteCount)
      #expect(memory.handle.rawValue % (2 << 20) == 0)
      let bytes = try #require(memory.view.mutableHostBytes)
      for offset in stride(from: 0, to: byteCount, by: 1 << 20) { #expect(bytes[offset] == 0) }
      bytes[byteCount - 1] = 7
      #expect(bytes[byteCount - 1] == 7)
    }
  }

  @Test(arguments: [0, 1, 5, 1000], [1, 2, 7])
  func workIsSharedOutOnce(count: Int, threads: Int) {
    let sums = Mutex([Int](repeating: 0, count: count))
    HostThreads.perform(count, threads: threads) { number in sums.withLock { $0[number] += 1 } }
    #expect(sums.withLock { $0 } == Array(repeating: 1, count: count))
  }
}
