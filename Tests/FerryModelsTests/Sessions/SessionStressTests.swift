import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import FerryTensors
import Synchronization
import Testing

@testable import FerryResidency

/// Sessions of models that take each other's place on a device, while its driver fails at random.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SessionStressTests {
  @Test(
    "whatever fails while their caches come and go, sessions compute what undisturbed ones do",
    arguments: TestDevices.available, [false, true])
  func goOn(_ device: Device, registers: Bool) async throws {
    let run = try await SessionStress(on: device, registers: registers)
    try await run.run()
    #expect(run.differences == 0)
    #expect(run.unexpected == [])
    #expect(run.comparedSteps > 50 && run.writeBacks > 0)
    try await run.finish()
  }
}

/// Three models in room for one, each with sessions that all continue the same text.
private final class SessionStress: Sendable {
  private static let text = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]
  private static let names = ["one", "two", "three"]
  private static let rounds = 30

  private let backend: FaultInjectingBackend
  private let host: DeviceContext
  private let context: DeviceContext
  private let pool: ResidencyPool
  private let sessions: [(name: String, session: Session)]
  /// The logits after each token of the text, where nothing disturbs.
  private let expected: [[Float]]
  private let counts = Mutex(Counts())
  private let written = Mutex(0)

  private struct Counts {
    var comparedSteps = 0
    var differences = 0
    var unexpected: [String] = []
  }

  init(on device: Device, registers: Bool) async throws {
    backend = FaultInjectingBackend(
      try TestDevices.backend(of: device), pinning: registers ? TestPinning() : nil)
    host = try DeviceContext(HostBackend())
    let context = try DeviceContext(backend)
    let mover = Mover(host: host, pins: HostPins())
    self.context = context
    let synthetic = try SyntheticModel(on: host)
    func weights(pages: Int) throws -> PagedWeights {
      PagedWeights(synthetic.image, on: context, mover: mover, pageByteCount: pages)
    }
    func session(over weights: PagedWeights) throws -> Session {
      try Session(synthetic.model, weights: weights, options: SessionOptions(initialPositions: 2)) {
        try OperationsFactory.make(for: $0)
      }
    }
    let alone = try weights(pages: .max)
    _ = try await alone.bring([0], control: LoadControl()) {}
    let undisturbed = try session(over: alone)
    var logits: [[Float]] = []
    for token in Self.text { logits.append(try await undisturbed.advance([token])) }
    expected = logits
    let size = alone.segmentBytes[0]
    try await alone.giveUp([0])
    let pool = ResidencyPool(options: PoolOptions(patience: 0)) { _ in size }
    var sessions: [(String, Session)] = []
    for name in Self.names {
      let member = try weights(pages: 4096)
      try await pool.register(name, member)
      for _ in 0..<2 { sessions.append((name, try session(over: member))) }
    }
    (self.pool, self.sessions) = (pool, sessions)
  }

  var comparedSteps: Int { counts.withLock { $0.comparedSteps } }
  var differences: Int { counts.withLock { $0.differences } }
  var unexpected: [String] { counts.withLock { $0.unexpected } }
  /// As the events of this pool have them.
  var writeBacks: Int { written.withLock { $0 } }

  func run() async throws {
    let events = pool.makeEvents()
    let listener = Task {
      for await event in events {
        if case .wroteBack = event.kind { written.withLock { $0 += 1 } }
      }
    }
    await withTaskGroup { group in
      for (number, (name, session)) in sessions.enumerated() {
        group.addTask { await self.use(session, of: name, seed: UInt64(number)) }
      }
    }
    listener.cancel()
    await listener.value
    backend.clearFaults()
  }

  /// Everything works again: what is open goes on to its end, and leaves nothing.
  func finish() async throws {
    for (name, session) in sessions {
      while session.position < Self.text.count { try await step(session, of: name) }
    }
    #expect(differences == 0)
    for name in Self.names { try await pool.unload(name) }
    try context.drain()
    context.trim()
    #expect(context.bytesInUse == 0)
    #expect(backend.misuses == [])
    let caches = sessions.reduce(0) { $0 + $1.session.byteCount }
    #expect(caches > 0)
    for (_, session) in sessions { try session.reset() }
    #expect(backend.liveBytes == 0)
  }

  private func use(_ session: Session, of name: String, seed: UInt64) async {
    var random = RandomNumbers(state: seed)
    for _ in 0..<Self.rounds {
      if random.next() % 3 == 0 { fail(&random) }
      do {
        if session.position == Self.text.count { try session.reset() }
        let task = Task { try await step(session, of: name) }
        if random.next() % 8 == 0 { task.cancel() }
        try await task.value
      } catch {
        guard !(error is DeviceError || error is CancellationError) else { continue }
        counts.withLock { $0.unexpected.append("\(error)") }
      }
    }
  }

  private func fail(_ random: inout RandomNumbers) {
    if random.next() % 4 == 0 { backend.clearFaults() }
    let calls: [DeviceCall] = [.allocation, .upload, .download, .copy, .registration, .launch]
    backend.fail(
      calls[Int(random.next() % UInt64(calls.count))], number: 1 + Int(random.next() % 12))
  }

  /// One token more of the text, inside a lease.
  private func step(_ session: Session, of name: String) async throws {
    try await pool.withModel(name) { _ in
      let position = session.position
      let logits = try await session.advance([Self.text[position]])
      counts.withLock {
        $0.comparedSteps += 1
        if logits != expected[position] { $0.differences += 1 }
      }
    }
  }
}

/// SplitMix64.
private struct RandomNumbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Checksum.mix(state)
  }
}
