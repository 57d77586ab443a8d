import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors
import Glibc
import Synchronization
import Testing

/// Sessions whose step begins while the model is arriving.
@Suite(
  .enabled(if: TestDevices.absence == nil, "a device besides the host"), .timeLimit(.minutes(10)))
struct ArrivingSessionTests {
  private static let prompt = [3, 1, 4, 1, 5, 9, 2, 6]

  @Test("say the same, and go on where the model is")
  func arrives() async throws {
    let setup = try await Setup()
    let (move, step) = await setup.move { try await setup.session.advance([0]) }
    _ = try move.get()
    #expect(Self.difference(try step.get(), setup.stayed[0]) < 1e-4)
    #expect(Self.difference(try await setup.session.advance([1]), setup.stayed[1]) < 1e-4)
    try await setup.weights.move(to: setup.host)
    #expect(Self.difference(try await setup.session.advance([2]), setup.stayed[2]) < 1e-4)
    try setup.session.reset()
    try TestDevices.checkLeaks(setup.other)
  }

  @Test("are where they were after any upload that fails, and their step is done there")
  func survivesFailures() async throws {
    var failedMoves = 0
    for number in 1...200 {
      let setup = try await Setup()
      let position = setup.session.position
      setup.backend.fail(.upload, number: number)
      let (move, step) = await setup.move { try await setup.session.advance([0]) }
      setup.backend.clearFaults()
      switch (move, step) {
      case (.failure(let error), .success(let logits)):
        failedMoves += 1
        #expect(error is DeviceError && setup.weights.context === setup.host)
        #expect(Self.difference(logits, setup.stayed[0]) < 1e-5)
        #expect(setup.session.position == position + 1)
        try setup.other.drain()
        #expect(setup.backend.liveBytes == 0)
      case (.success, .failure(let error)):
        // The step uploads, too.
        #expect(error is DeviceError && setup.session.position == position)
        _ = try await setup.session.advance([0])
      case (.success, .success):
        #expect(failedMoves > 5)
        return
      case (.failure, .failure(let error)):
        Issue.record("one failure ended both: \(error)")
      }
      #expect(Self.difference(try await setup.session.advance([1]), setup.stayed[1]) < 1e-4)
    }
    Issue.record("the move never got through")
  }

  @Test("that begin while it arrives are empty again where it does not")
  func beginsMeanwhile() async throws {
    for fails in [false, true] {
      let setup = try await Setup()
      if fails { setup.backend.fail(.checksum, number: 4) }
      let begun = try await setup.moveWithNewSession()
      #expect(begun.failed == fails)
      #expect(begun.session.position == Self.prompt.count)
      #expect(Self.difference(try await begun.session.advance([0]), setup.stayed[0]) < 1e-4)
      #expect((setup.backend.liveBytes == 0) == fails)
    }
  }

  @Test("whose task is cancelled go on later with the text they had")
  func cancelled() async throws {
    let setup = try await Setup()
    let position = setup.session.position
    let (move, step) = await setup.move {
      // The task of the step is cancelled before its first segment is there.
      withUnsafeCurrentTask { $0?.cancel() }
      return try await setup.session.advance([0])
    }
    _ = try move.get()
    #expect(throws: CancellationError.self) { _ = try step.get() }
    #expect(setup.session.position == position)
    #expect(Self.difference(try await setup.session.advance([0]), setup.stayed[0]) < 1e-4)
  }

  private static func difference(_ one: [Float], _ other: [Float]) -> Float {
    let scale = other.map(\.magnitude).max() ?? 1
    return (zip(one, other).map { ($0 - $1).magnitude }.max() ?? .infinity) / scale
  }
}

// MARK: - What it takes

extension ArrivingSessionTests {
  /// A session with a prompt on the host, a device that can be made to fail, and what a session says that stays.
  private struct Setup: Sendable {
    let host: DeviceContext
    let backend: FaultInjectingBackend
    let other: DeviceContext
    let weights: ResidentWeights
    let synthetic: SyntheticModel
    let session: Session
    let stayed: [[Float]]
    /// Whether a step has begun on the device.
    private let hasBegun = Flag()

    init() async throws {
      host = try DeviceContext(TestDevices.backend(of: .cpu))
      backend = FaultInjectingBackend(try TestDevices.accelerator())
      other = try DeviceContext(backend)
      synthetic = try SyntheticModel(on: host)
      let staging = StagingLimits(chunkByteCount: 512, readerCount: 1, chunkCount: 2)
      weights = ResidentWeights(synthetic.image, mover: Mover(host: host, staging: staging))
      session = try Self.session(synthetic, weights, on: other, hasBegun)
      _ = try await session.advance(prompt)
      let still = ResidentWeights(synthetic.image, mover: weights.mover)
      let stays = try Self.session(synthetic, still, on: other, hasBegun)
      _ = try await stays.advance(prompt)
      var logits: [[Float]] = []
      for token in 0..<3 { logits.append(try await stays.advance([token])) }
      stayed = logits
    }

    private static func session(
      _ synthetic: SyntheticModel, _ weights: ResidentWeights, on other: DeviceContext,
      _ hasBegun: Flag
    ) throws -> Session {
      try Session(synthetic.model, weights: weights) { context in
        if context === other { hasBegun.raise() }
        return try OperationsFactory.make(for: context)
      }
    }

    /// Moves the weights to the device, and runs `body` when steps may begin; the copies go on when one has.
    func move<Value: Sendable>(
      _ body: @escaping @Sendable () async throws -> Value
    ) async -> (move: Result<MoveReport, any Error>, step: Result<Value, any Error>) {
      let isOpen = Flag()
      let move = Task {
        try await weights.move(
          to: other, options: MoveOptions(verify: true, measuringLink: false),
          started: {
            isOpen.raise()
            hasBegun.block()
          })
      }
      let step = Task {
        try await isOpen.wait()
        defer { hasBegun.raise() }
        return try await body()
      }
      let result = await move.result
      // It may have failed before.
      isOpen.raise()
      return (result, await step.result)
    }

    /// The same with a session that is new: whether the move failed, and the session.
    func moveWithNewSession() async throws -> (failed: Bool, session: Session) {
      let (move, step) = await move {
        let session = try Self.session(synthetic, weights, on: other, hasBegun)
        _ = try await session.advance(prompt)
        return session
      }
      let session = try step.get()
      if case .failure = move { return (true, session) }
      return (false, session)
    }
  }

  /// Something that one thread waits for and another makes true.
  private final class Flag: Sendable {
    private let isRaised = Atomic<Bool>(false)
    func raise() { isRaised.store(true, ordering: .sequentiallyConsistent) }
    func block() { while !isRaised.load(ordering: .sequentiallyConsistent) { usleep(200) } }

    func wait() async throws {
      while !isRaised.load(ordering: .sequentiallyConsistent) {
        try await Task.sleep(for: .milliseconds(1))
      }
    }
  }
}
