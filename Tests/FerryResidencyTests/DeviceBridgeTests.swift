import FerryDeviceTesting
import FerryDevices
import FerryResidency
import Testing

/// Copies between devices of which none reaches the other.
@Suite struct DeviceBridgeTests {
  private let hostBackend = FaultInjectingBackend(HostBackend())
  private let backends = (7...8).map {
    FaultInjectingBackend(SimulatedBackend(.opencl($0)), pinning: TestPinning())
  }
  private static let limits = StagingLimits(chunkByteCount: 100_000, readerCount: 1, chunkCount: 2)

  /// The host and two devices, and staging memory that is gone on return.
  private func withPlaces(
    _ body: (_ host: DeviceContext, _ devices: [DeviceContext], _ pool: StagingPool) throws -> Void
  ) throws {
    let host = try DeviceContext(hostBackend)
    let devices = try backends.map { try DeviceContext($0) }
    let pool = StagingPool(host: host, limits: Self.limits)
    try body(host, devices, pool)
    pool.trim()
    #expect(([host] + devices).map(\.bytesInUse) == [0, 0, 0])
    #expect(backends.map(\.registeredBytes) == [0, 0] && backends.flatMap(\.misuses) == [])
  }

  @Test(arguments: [0, 1, 70_000, 100_000, 100_001, 450_000])
  func bytesArriveByWayOfRegisteredMemory(_ count: Int) throws {
    try withPlaces { host, devices, pool in
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      var last = try host.allocate(byteCount: max(1, count)).view[0, count: count]
      last.mutableHostBytes?.copyBytes(from: bytes)
      for (source, target) in [(host, devices[0]), (devices[0], devices[1]), (devices[1], host)] {
        let view = try target.allocate(byteCount: max(1, count)).view[0, count: count]
        try DeviceBridge(from: source, to: target, by: pool).copy(last, to: view)
        last = view
      }
      #expect(last.hostBytes?.elementsEqual(bytes) == true)
      // Up and down too, but for what is small. A backend counts what was registered with itself.
      let pinned = backends.reduce(0) { $0 + $1.pinnedBytes }
      #expect(pinned == (count > 65_536 ? 2 * count : count))
      #expect(host.bytesInUse <= max(1, count) + 2 * Self.limits.chunkByteCount)
    }
  }

  @Test(arguments: [DeviceCall.upload, .download], [1, 3, 5])
  func aFailureLeavesNoCopyUnderWayAndNothingBehind(_ call: DeviceCall, _ number: Int) throws {
    try withPlaces { host, devices, pool in
      let memory = try devices.map { try $0.allocate(byteCount: 450_000) }
      let bridge = DeviceBridge(from: devices[0], to: devices[1], by: pool)
      backends[call == .download ? 0 : 1].fail(call, number: number)
      #expect(throws: DeviceError.self) { try bridge.copy(memory[0].view, to: memory[1].view) }
      #expect(throws: Never.self) { try bridge.copy(memory[0].view, to: memory[1].view) }
    }
  }

  @Test func memoryThatTheDriverRefusesIsPageableAndAllTheSame() throws {
    try withPlaces { host, devices, pool in
      backends[1].fail(.registration, repeatedly: true)
      let memory = try devices.map { try $0.allocate(byteCount: 300_000) }
      try devices[0].upload.fill(memory[0].view, with: 0x5c)
      try DeviceBridge(from: devices[0], to: devices[1], by: pool)
        .copy(memory[0].view, to: memory[1].view)
      let expected = try devices[0].download.checksum([memory[0].view])
      #expect(try devices[1].download.checksum([memory[1].view]) == expected)
      #expect(backends.map(\.pinnedBytes) == [0, 0])
    }
  }

  @Test(
    "memory for what leaves a device is registered as far as budget and driver grant, else pageable, else refused",
    arguments: [
      (budget: 30_000, refusal: nil, pageable: true, registered: 3),
      (budget: 10_000, refusal: nil, pageable: true, registered: 0),
      (budget: 30_000, refusal: 2, pageable: true, registered: 1),
      (budget: 30_000, refusal: 2, pageable: false, registered: nil),
      (budget: 10_000, refusal: nil, pageable: false, registered: nil),
    ] as [(budget: Int, refusal: Int?, pageable: Bool, registered: Int?)])
  func roomOnTheHost(_ budget: Int, _ refusal: Int?, _ pageable: Bool, _ registered: Int?) throws {
    try withPlaces { host, devices, pool in
      let pins = HostPins(budget: PinnedBudget(.bytes(budget)))
      let bridge = DeviceBridge(
        from: devices[0], to: host, by: pool, room: HostRoom(pins: pins) { _ in pageable })
      if let refusal { backends[0].fail(.registration, number: refusal) }
      func memory() throws -> [HostMemory]? {
        try bridge.hostMemory(byteCounts: [7000, 8000, 5000])
      }
      if let registered {
        let views = try #require(try memory()).map(\.view)
        withExtendedLifetime(views) {
          #expect(views.map(\.byteCount) == [7000, 8000, 5000])
          #expect(views.map(\.isPinned) == (0..<3).map { $0 < registered })
          #expect(pins.budget.bytesUsed == registered * 8192)
        }
      } else {
        let error = #expect(throws: DeviceError.self) { _ = try memory() }
        #expect(error?.code == .outOfMemory)
      }
      #expect(pins.budget.bytesUsed == 0)
    }
  }

  @Test func onlyTheHostHasSuchRoom() throws {
    try withPlaces { host, devices, pool in
      let room = HostRoom(pins: HostPins())
      for (source, target) in [(host, devices[0]), (devices[0], devices[1])] {
        let bridge = DeviceBridge(from: source, to: target, by: pool, room: room)
        let memory = try bridge.hostMemory(byteCounts: [10])
        #expect(memory?.count == nil)
      }
    }
  }
}
