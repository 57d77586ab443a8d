import FerryDeviceTesting
import FerryDevices
import FerryTensors
import Testing

@testable import FerryResidency

/// Tasks that lease, move, cancel, prefetch, park, unload, register again and pin at random, over several devices and
/// pools that share their images on the host, with texts in progress beside their models, while allocations, copies and
/// whole devices fail.
final class StressRun: Sendable {
  let places: TestPlaces
  private let models: [TestModel]
  private let images: [WeightImage]
  private let pools: [StressPool]
  private let limit: StressLimit
  private let seed: UInt64
  private let start = Shared(ContinuousClock.now)
  private let tally = Shared(StressTally())
  private let isOver = Flag()

  /// On `devices`, or else on four simulated ones, of which the last is for moves. Everything follows from the seed, but
  /// for the order in which threads run.
  init(seed: UInt64, until limit: StressLimit, on devices: [any DeviceBackend]? = nil) throws {
    var random = SplitMix(state: seed)
    (self.seed, self.limit) = (seed, limit)
    let freesInOrder = Bool.random(using: &random)
    let places =
      try devices.map { try TestPlaces(over: $0) }
      ?? TestPlaces(freesInOrder: freesInOrder, able: seed % 2 == 0, deviceCount: 4)
    let models = try [TestModel.Kind.mixed, .plain, .manySmall, .nestedAndTied, .int8].map {
      try TestModel($0, scrambled: Bool.random(using: &random))
    }
    let images = try models.map {
      try Bool.random(using: &random) ? $0.mapped() : $0.pageable(places.host)
    }
    (self.places, self.models, self.images) = (places, models, images)
    pools = places.devices.prefix(3).enumerated().map { index, device in
      StressPool(
        models, images, on: device, mover: places.mover,
        share: Double.random(in: 0.3...0.8, using: &random),
        rings: index == min(2, places.devices.count - 1), sessions: index != 1,
        patience: [0, 0.002, 0.05].randomElement(using: &random) ?? 0)
    }
  }

  /// Runs to the limit; then everything works again, and goes.
  func run() async throws -> StressTally {
    for pool in pools { try await pool.registerAll() }
    start.change { $0 = .now }
    await withTaskGroup { group in
      for pool in pools { group.addTask { await self.count(pool) } }
      group.addTask { await self.break() }
      await withTaskGroup { workers in
        for worker in 0..<8 {
          workers.addTask { await self.work(SplitMix(state: self.seed &* 31 &+ UInt64(worker))) }
        }
      }
      isOver.raise()
      group.cancelAll()
    }
    for backend in places.backends + [places.hostBackend] { backend.clearFaults() }
    for pool in pools { try await recover(pool) }
    return tally.change { $0 }
  }

  private var isDone: Bool {
    switch limit {
    case .seconds(let seconds):
      // However busy the machine is, something has been tried.
      tally.change { $0.leases > 200 }
        && (ContinuousClock.now - start.change { $0 }) / .seconds(1) >= seconds
    case .swaps(let swaps): tally.change { $0.loads + $0.failedLoads } >= swaps
    }
  }

  /// After all failures every model can be used, every text goes on, and then nothing is left.
  private func recover(_ pool: StressPool) async throws {
    try await pool.unloadAll()
    for number in models.indices { try await pool.register(number, again: true) }
    for number in models.indices {
      try await lease(
        pool, number, segments: Array(models[number].layout.segments.indices), SplitMix(state: seed)
      ) {
        self.note(try await pool.stepAll($0, number))
      }
    }
    try await pool.unloadAll()
    try pool.context.drain()
    let left = await pool.pool.bytesUsed
    note(
      left == 0 && pool.context.bytesInUse == 0, "\(left) bytes are left on \(pool.context.device)")
  }

  // MARK: what fails

  private func `break`() async {
    var random = SplitMix(state: seed &+ 1)
    while !isOver.isSet {
      let backend = (places.backends + [places.hostBackend]).randomElement(using: &random)
      if let backend { await fail(backend, &random) }
      try? await Task.sleep(for: .microseconds(Int.random(in: 200...3000, using: &random)))
    }
  }

  private func fail(_ backend: FaultInjectingBackend, _ random: inout SplitMix) async {
    guard Int.random(in: 0..<12, using: &random) > 0 else { return await lose(backend) }
    if Int.random(in: 0..<6, using: &random) == 0 { backend.clearFaults() }
    let calls: [DeviceCall] = [
      .allocation, .upload, .download, .copy, .checksum, .reservation, .commitment, .registration,
    ]
    let call = calls.randomElement(using: &random) ?? .upload
    backend.fail(call, number: Int.random(in: 1...4, using: &random))
  }

  /// A device that answers nothing for a while.
  private func lose(_ backend: FaultInjectingBackend) async {
    let lost = DeviceError(.deviceLost, "the test lost \(backend.device)")
    for call in DeviceCall.allCases { backend.fail(call, repeatedly: true, with: lost) }
    try? await Task.sleep(for: .milliseconds(2))
    backend.clearFaults()
  }

  // MARK: what is tried

  private func work(_ generator: SplitMix) async {
    var random = generator
    while !isDone {
      guard let pool = pools.randomElement(using: &random) else { return }
      do {
        try await act(pool, &random)
      } catch {
        note(isExpected(error), "\(error)")
        tally.change { $0.refusals += 1 }
      }
      let bytes = pool.context.bytesInUse
      note(
        bytes <= pool.budget + pool.headRoom,
        "\(bytes) bytes are in use of \(pool.budget) on \(pool.context.device)")
    }
  }

  private func act(_ pool: StressPool, _ random: inout SplitMix) async throws {
    let number = Int.random(in: models.indices, using: &random)
    let name = "\(number)"
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<55: try await use(pool, number, random, depth: 0)
    case 55..<63: try await useAndCancel(pool, number, &random)
    case 63..<70: try await pool.pool.prefetch(name)
    case 70..<77: try await pool.pool.park(name)
    case 77..<82:
      try await pool.pool.unload(name)
      try await pool.register(number, again: Bool.random(using: &random))
    case 82..<86: try await pool.pool.setPinned(true, name)
    case 86..<93: for number in models.indices { try await pool.pool.setPinned(false, "\(number)") }
    case 93..<96: try await pool.pool.declare((0..<3).map { "\((number + $0) % models.count)" })
    default: try await move(number, &random)
    }
  }

  /// A lease, perhaps of another model inside.
  private func use(
    _ pool: StressPool, _ number: Int, _ generator: SplitMix, depth: Int
  ) async throws {
    var random = generator
    let count = models[number].layout.segments.count
    let all = Array(0..<count)
    let some = Bool.random(using: &random) ? all : [Int.random(in: 0..<count, using: &random)]
    let nests = depth < 2 && Int.random(in: 0..<6, using: &random) == 0
    let other = Int.random(in: models.indices, using: &random)
    let (texts, rest) = (SplitMix(state: random.next()), SplitMix(state: random.next()))
    try await lease(pool, number, segments: some, texts) { _ in
      if nests { try await self.use(pool, other, rest, depth: depth + 1) }
    }
  }

  /// What is on the device is what the file has, before and after `body`, and texts go on as if nothing had disturbed
  /// them.
  private func lease(
    _ pool: StressPool, _ number: Int, segments: [Int], _ generator: SplitMix,
    _ body: (any PoolMember) async throws -> Void
  ) async throws {
    var random = generator
    try await pool.pool.withModel("\(number)") { member in
      for _ in 0..<2 {
        let differences = try await pool.differences(member, number, segments: segments)
        tally.change {
          $0.leases += 1
          $0.comparedSegments += segments.count
          $0.differences += differences
        }
        if let step = try await pool.step(member, number, &random) { note([step]) }
        let bytes = pool.context.bytesInUse
        note(
          bytes <= pool.budget + pool.headRoom,
          "\(bytes) bytes are in use of \(pool.budget) in a lease")
        try await body(member)
      }
    }
  }

  private func useAndCancel(
    _ pool: StressPool, _ number: Int, _ random: inout SplitMix
  ) async throws {
    let generator = SplitMix(state: random.next())
    let task = Task { try await use(pool, number, generator, depth: 0) }
    try await Task.sleep(for: .microseconds(Int.random(in: 0...1500, using: &random)))
    task.cancel()
    try await task.value
  }

  /// Whole weights of the same image, to the device without a pool and back.
  private func move(_ number: Int, _ random: inout SplitMix) async throws {
    guard let target = places.devices.dropFirst(pools.count).first else { return }
    let weights = ResidentWeights(images[number], mover: places.mover)
    let session = StressSession(models[number], seed: random.next())
    weights.attach(session)
    if let step = try await session.advance(over: weights) { note([step]) }
    try await weights.move(
      to: target,
      options: .quiet(
        keepingHostCopy: Bool.random(using: &random), verify: true,
        mode: Bool.random(using: &random) ? .retain : .release))
    let isSame = try await weights.checksums() == models[number].checksums
    if let step = try await session.advance(over: weights) { note([step]) }
    try await weights.move(to: places.host, options: .quiet())
    if let step = try await session.advance(over: weights) { note([step]) }
    tally.change {
      $0.moves += 1
      if !isSame { $0.differences += 1 }
    }
  }

  // MARK: what is counted

  private func count(_ pool: StressPool) async {
    for await event in pool.pool.makeEvents() {
      switch event.kind {
      case .loaded: tally.change { $0.loads += 1 }
      case .failed, .stuck: tally.change { $0.failedLoads += 1 }
      case .keptCaches: tally.change { $0.keptCaches += 1 }
      case .wroteBack: tally.change { $0.writeBacks += 1 }
      case .loading, .evicted, .leased, .streamed, .broughtBack: continue
      }
    }
  }

  /// Steps of texts, by how much in them was not what it must be.
  private func note(_ steps: [Int]) {
    tally.change {
      $0.steps += steps.count
      $0.differences += steps.reduce(0, +)
    }
  }

  private func note(_ condition: Bool, _ fault: @autoclosure () -> String) {
    guard !condition else { return }
    let text = fault()
    tally.change { if $0.unexpected.count < 10 { $0.unexpected.append(text) } }
  }

  private func isExpected(_ error: any Error) -> Bool {
    switch error {
    case is CancellationError, is DeviceError: true
    case let error as ResidencyError:
      [.noRoom, .deadlock, .unknownModel, .nameTaken].contains(error.code)
    default: false
    }
  }
}
