import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors
import Testing

/// Sessions on weights of which only a part is on the device.
@Suite(.enabled(if: TestDevices.absence == nil, "a device besides the host"))
struct PagedSessionTests {
  private static let prompt = [3, 1, 4, 1, 5, 9, 2, 6]

  @Test(
    "a model that does not fit computes the same through a ring",
    arguments: TestDevices.available.filter { $0 != .cpu })
  func computesThroughARing(_ device: Device) async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let other = try DeviceContext(TestDevices.backend(of: device))
    let synthetic = try SyntheticModel(on: host)
    let mover = Mover(host: host)
    let whole = PagedWeights(synthetic.image, on: other, mover: mover)
    let paged = PagedWeights(synthetic.image, on: other, mover: mover, pageByteCount: 1)
    let ring = RingPlan.leastBytes(paged.segmentBytes)
    let size = paged.segmentBytes.reduce(0, +)
    #expect(ring < size)
    let pool = ResidencyPool { _ in size - 1 }
    try await pool.register("paged", paged)
    _ = try await whole.bring(Array(whole.segmentBytes.indices), control: LoadControl()) {}
    let expected = try await Self.logits(synthetic, whole)
    try await whole.giveUp(Array(whole.segmentBytes.indices))
    let logits = try await pool.withModel("paged") { _ in
      // Two sessions take turns with the same ring.
      async let other = Self.logits(synthetic, paged)
      return [try await Self.logits(synthetic, paged), try await other]
    }
    #expect(logits == [expected, expected])
    #expect(try await pool.residentBytes(of: "paged") < size)
    try await pool.unload("paged")
    mover.trim()
    try TestDevices.checkLeaks(other)
  }

  @Test("outside its pool a model that is not there says so")
  func saysThatItIsAbsent() async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let other = try DeviceContext(TestDevices.accelerator())
    let synthetic = try SyntheticModel(on: host)
    let weights = PagedWeights(synthetic.image, on: other, mover: Mover(host: host))
    let error = await #expect(throws: ResidencyError.self) {
      _ = try await Self.logits(synthetic, weights)
    }
    #expect(error?.code == .absent)
  }

  @Test(
    "an open session leaves the device with its model, and goes on when that is back",
    arguments: TestDevices.available.filter { $0 != .cpu })
  func leavesWithItsModel(_ device: Device) async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let other = try DeviceContext(TestDevices.backend(of: device))
    let synthetic = try SyntheticModel(on: host)
    let mover = Mover(host: host)
    let names = ["one", "two"]
    let weights = names.map { _ in PagedWeights(synthetic.image, on: other, mover: mover) }
    let size = weights[0].segmentBytes.reduce(0, +)
    let pool = ResidencyPool { _ in size }
    var sessions: [Session] = []
    for (name, weights) in zip(names, weights) {
      try await pool.register(name, weights)
      sessions.append(
        try Session(synthetic.model, weights: weights) { try OperationsFactory.make(for: $0) })
    }
    var logits: [[[Float]]] = [[], []]
    for tokens in [Self.prompt, [2], [7], [1]] {
      for number in names.indices {
        logits[number].append(
          try await pool.withModel(names[number]) { _ in try await sessions[number].advance(tokens)
          })
      }
    }
    for name in names { try await pool.unload(name) }
    // The caches are on the host, and nothing is on the device.
    try other.drain()
    #expect(other.bytesInUse == 0 && sessions.allSatisfy { $0.byteCount > 0 })
    let alone = PagedWeights(synthetic.image, on: other, mover: mover)
    _ = try await alone.bring(Array(alone.segmentBytes.indices), control: LoadControl()) {}
    let expected = try await Self.logits(synthetic, alone)
    #expect(logits == [expected, expected])
  }

  @Test(
    "on the host a cache is in registered memory where the budget grants it, which its session keeps for the next time"
  )
  func cacheIsRegistered() async throws {
    // Keys and values of 64 positions, two heads of four f32, in each of two layers.
    let cache = 2 * 2 * 64 * 2 * 4 * 4
    let (granted, image) = try await parkedBetweenSteps(pinning: .max)
    #expect(granted.registered == Array(repeating: image + cache, count: 4))
    #expect(Set(granted.registrations).count == 1)
    let (refused, _) = try await parkedBetweenSteps(pinning: image + cache - 1)
    #expect(refused.registered == Array(repeating: image, count: 4))
    #expect(refused.logits == granted.logits)
  }

  /// What was registered of images and caches whenever the model had left the device between steps.
  private struct ParkedSession {
    var registered: [Int] = []
    var registrations: [Int] = []
    var logits: [[Float]] = []
  }

  /// Steps of a session whose model is parked after each, where so many bytes may be registered; and the bytes of the
  /// image, which are registered still when the session is gone.
  private func parkedBetweenSteps(pinning limit: Int) async throws -> (ParkedSession, Int) {
    let backend = FaultInjectingBackend(try TestDevices.accelerator(), pinning: TestPinning())
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let other = try DeviceContext(backend)
    let synthetic = try SyntheticModel(on: host)
    let pins = HostPins(budget: PinnedBudget(.bytes(limit)))
    let weights = PagedWeights(
      synthetic.image, on: other, mover: Mover(host: host, pins: pins))
    let pool = ResidencyPool { _ in Int.max / 2 }
    try await pool.register("one", weights)
    // The image is registered when it comes for the first time.
    try await pool.withModel("one") { _ in _ = try await Self.logits(synthetic, weights) }
    try await pool.park("one")
    var session: Session? = try Session(synthetic.model, weights: weights) {
      try OperationsFactory.make(for: $0)
    }
    var parked = ParkedSession()
    for tokens in [Self.prompt, [2], [7], [1]] {
      parked.logits.append(
        try await pool.withModel("one") { [session] _ in try await session?.advance(tokens) ?? [] })
      try await pool.park("one")
      #expect(other.bytesInUse == 0)
      parked.registered.append(pins.budget.bytesUsed)
      parked.registrations.append(backend.count(of: .registration))
    }
    session = nil
    return (parked, pins.budget.bytesUsed)
  }

  /// The logits after the prompt and after each of three tokens.
  private static func logits(
    _ synthetic: SyntheticModel, _ weights: PagedWeights
  ) async throws -> [[Float]] {
    let session = try Session(synthetic.model, weights: weights, options: SessionOptions()) {
      try OperationsFactory.make(for: $0)
    }
    var logits = [try await session.advance(prompt)]
    for token in [2, 7, 1] { logits.append(try await session.advance([token])) }
    return logits
  }
}
