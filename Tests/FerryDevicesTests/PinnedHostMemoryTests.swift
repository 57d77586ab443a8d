import FerryDeviceTesting
import FerryDevices
import Synchronization
import Testing

/// Host memory registered with a driver, and the pages it is made of.
@Suite struct PinnedHostMemoryTests {
  private let backend = FaultInjectingBackend(HostBackend(), pinning: TestPinning())

  @Test func isRegisteredOnceAndGivenBack() throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    let pins = HostPins(budget: PinnedBudget(.bytes(20_000)))
    do {
      let allocations = try [5000, 1].map { try host.allocate(byteCount: $0) }
      let first = try allocations.map { try pins.pin($0, for: device) }
      let second = try allocations.map { try pins.pin($0, for: device) }
      #expect(zip(first, second).allSatisfy { $0 === $1 })
      #expect(backend.registeredBytes == 8192 + 4096 && pins.budget.bytesUsed == 8192 + 4096)
      #expect(first[0].view.byteCount == 5000)
    }
    #expect(backend.registeredBytes == 0 && pins.budget.bytesUsed == 0 && host.bytesInUse == 0)
    #expect(backend.misuses == [])
  }

  @Test func isRegisteredOnceByThreadsThatAskAtTheSameTime() throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    let pins = HostPins()
    for round in 1...200 {
      let allocation = try host.allocate(byteCount: 4096)
      let found = Mutex<[PinnedHostMemory]>([])
      HostThreads.perform(4, threads: 4) { number in
        let pin = try? pins.pin(allocation, for: device)
        // Some let go at once, while others ask.
        if let pin, number > 0 || round.isMultiple(of: 2) { found.withLock { $0.append(pin) } }
      }
      #expect(found.withLock { Set($0.map { ObjectIdentifier($0) }).count } == 1)
    }
    #expect(backend.misuses == [] && backend.registeredBytes == 0 && pins.budget.bytesUsed == 0)
  }

  /// Threads take over from one another what another device of the driver registered, and let go at once.
  @Test func isUnregisteredByTheDeviceThatRegisteredIt() throws {
    let host = try DeviceContext(HostBackend())
    let backends = (0..<2).map { _ in
      FaultInjectingBackend(HostBackend(), pinning: TestPinning())
    }
    let devices = try backends.map { try DeviceContext($0) }
    let pins = HostPins()
    let allocation = try host.allocate(byteCount: 4096)
    HostThreads.perform(4, threads: 4) { number in
      for _ in 0..<5000 { _ = try? pins.pin(allocation, for: devices[number % 2]) }
    }
    for backend in backends {
      #expect(backend.misuses == [] && backend.registeredBytes == 0)
      #expect(backend.count(of: .registration) > 0)
    }
    #expect(pins.budget.bytesUsed == 0)
  }

  @Test func beyondTheBudgetIsNotRegistered() throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    let pins = HostPins(budget: PinnedBudget(.bytes(3 * 4096)))
    let error = #expect(throws: DeviceError.self) {
      try pins.pin(try host.allocate(byteCount: 4 * 4096), for: device)
    }
    #expect(error?.message.contains("budget of 12.3 kB") == true)
    #expect(backend.count(of: .registration) == 0 && pins.budget.bytesUsed == 0)
  }

  @Test("what is yet to be made fits into what is available")
  func availability() throws {
    let budget = PinnedBudget(.bytes(1 << 40)) { 1000 }
    try budget.check(900)
    let error = #expect(throws: DeviceError.self) { try budget.check(901) }
    #expect(error?.code == .outOfMemory)
    // Where the system does not tell, the budget alone counts.
    try PinnedBudget(.bytes(5000)) { nil }.check(5000)
    #expect(throws: DeviceError.self) { try PinnedBudget(.bytes(5000)) { nil }.check(5001) }
    #expect(PinnedBudget(.share(0.5)).limit == (try HostFigures.memory().total) / 2)
  }

  @Test(arguments: 1...4)
  func isRegisteredInPiecesAllOrNone(failing number: Int) throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    let pins = HostPins(pieceByteCount: 8192)
    let allocation = try host.allocate(byteCount: 3 * 8192 + 100)
    backend.fail(.registration, number: number)
    #expect(throws: DeviceError.self) { try pins.pin(allocation, for: device) }
    #expect(backend.registeredBytes == 0 && pins.budget.bytesUsed == 0)
    do {
      let pin = try pins.pin(allocation, for: device)
      #expect(backend.registeredBytes == 3 * 8192 + 4096)
      #expect(pin.view[8192, count: 8192].isPinnedInOnePiece)
      #expect(pin.view[8192, count: 0].isPinnedInOnePiece)
      #expect(!pin.view[8191, count: 2].isPinnedInOnePiece)
      #expect(pin.view.isPinned && !allocation.view.isPinned)
      #expect(!allocation.view[0, count: 1].isPinnedInOnePiece)
    }
    #expect(backend.registeredBytes == 0 && backend.misuses == [])
  }

  @Test func isOfNoUseToADeviceWithoutRegistration() throws {
    let host = try DeviceContext(HostBackend())
    let error = #expect(throws: DeviceError.self) {
      try HostPins().pin(try host.allocate(byteCount: 1), for: host)
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

  @Test(.enabled(if: HugePageAdvice.isHeard, "a kernel with huge pages"))
  func largeHostMemoryIsAdvisedToBeHugePages() async {
    // In a process of its own, which has not found huge pages slow yet.
    await #expect(processExitsWith: .success) {
      let host = try DeviceContext(HostBackend())
      let large = try host.allocate(byteCount: 130 << 20)
      let flags = try #require(HugePageAdvice.flags(ofMappingAt: large.handle.rawValue))
      #expect(flags.contains("hg"))
    }
  }

  @Test func severalThreadsMayAllocateAtTheSameTime() throws {
    let host = try DeviceContext(HostBackend())
    let allocations = Mutex<[Allocation]>([])
    HostThreads.perform(8, threads: 4) { _ in
      guard let memory = try? host.allocate(byteCount: 40 << 20) else { return }
      allocations.withLock { $0.append(memory) }
    }
    #expect(allocations.withLock { $0.count } == 8 && host.bytesInUse == 8 * 40 << 20)
    allocations.withLock { $0 = [] }
    #expect(host.bytesInUse == 0)
  }

  @Test(arguments: [0, 1, 5, 1000], [1, 2, 7])
  func workIsSharedOutOnce(count: Int, threads: Int) {
    let sums = Mutex([Int](repeating: 0, count: count))
    HostThreads.perform(count, threads: threads) { number in sums.withLock { $0[number] += 1 } }
    #expect(sums.withLock { $0 } == Array(repeating: 1, count: count))
  }
}

/// What the kernel knows of the advice on huge pages.
private enum HugePageAdvice {
  /// Whether the kernel follows it: with `never` it notes nothing.
  static var isHeard: Bool {
    let modes = SystemFile.text("/sys/kernel/mm/transparent_hugepage/enabled") ?? "[never]"
    return !modes.contains("[never]")
  }

  /// The flags of the mapping that holds an address: `hg` is `MADV_HUGEPAGE`.
  static func flags(ofMappingAt address: UInt) -> [String]? {
    var isWithin = false
    for line in (SystemFile.text("/proc/self/smaps") ?? "").split(separator: "\n") {
      if let range = range(line) { isWithin = range.contains(address) }
      if isWithin && line.hasPrefix("VmFlags:") {
        return line.split(separator: " ").dropFirst().map(String.init)
      }
    }
    return nil
  }

  private static func range(_ line: Substring) -> Range<UInt>? {
    let ends = line.prefix { $0 != " " }.split(separator: "-").map { UInt($0, radix: 16) }
    guard ends.count == 2, let start = ends[0], let end = ends[1] else { return nil }
    return start..<end
  }
}
