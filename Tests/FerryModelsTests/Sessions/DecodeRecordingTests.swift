import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors
import Testing

/// The one-token step as a graph, with the real kernels on a device that records.
@Suite(.enabled(if: TestDevices.openCLAbsence == nil, "an OpenCL device"))
struct DecodeRecordingTests {
  private static let prompt = [3, 1, 4, 15, 9]

  @Test("recorded steps give the very logits of plain ones, while the cache grows")
  func recordedEqualsPlain() async throws {
    let options = SessionOptions(initialPositions: 8)
    let (recorded, backend) = try await decoded(20, options, recording: true)
    let (plain, _) = try await decoded(20, options, recording: false)
    #expect(recorded == plain)
    // For 8, 16 and 32 positions.
    #expect(backend.recordingCount == 3)
    #expect(backend.refusals.isEmpty)
    // All steps but the first plain one of each cache.
    #expect(backend.graphLaunchCount == 20 - 3)
  }

  @Test("a token takes so many launches")
  func launchesPerToken() async throws {
    try await withSession { session, backend in
      _ = try await session.advance(Self.prompt)
      for token in 0..<3 { _ = try await session.advance([token]) }
      let (launches, graphs) = (backend.launchCount, backend.graphLaunchCount)
      _ = try await session.advance([7])
      #expect(backend.graphLaunchCount == graphs + 1)
      // A layer: 2 norms, 7 linear layers, rotation, attention, SiLU. Besides: rows, norm, head.
      #expect(backend.launchCount - launches == 2 * 12 + 3)
    }
  }

  @Test("LLM.int8 is recorded once its scratch is there", arguments: [0, 6] as [Float])
  func recordsInt8(_ threshold: Float) async throws {
    try await withSession(threshold: threshold) { session, backend in
      _ = try await session.advance(Self.prompt)
      for token in 0..<4 { _ = try await session.advance([token]) }
      #expect(session.recordingCount == 1)
      // A longer prompt needs more scratch, which lies elsewhere.
      _ = try await session.advance(Array(repeating: 5, count: 20))
      for token in 0..<4 { _ = try await session.advance([token]) }
      #expect(backend.refusals.isEmpty)
      #expect(session.recordingCount <= 2)
    }
  }

  @Test("several sessions record each for itself, and reset ones anew")
  func severalSessions() async throws {
    try await withSessions(2) { sessions, backend in
      var logits: [[[Float]]] = [[], []]
      for (index, session) in sessions.enumerated() {
        _ = try await session.advance(Self.prompt)
        logits[index].append(try await session.advance([index]))
      }
      for token in 0..<4 {
        for (index, session) in sessions.enumerated() {
          logits[index].append(try await session.advance([token]))
        }
      }
      #expect(logits[0] != logits[1])
      #expect(backend.recordingCount == 2)
      try sessions[0].reset()
      _ = try await sessions[0].advance(Self.prompt)
      var again = [try await sessions[0].advance([0])]
      for token in 0..<4 { again.append(try await sessions[0].advance([token])) }
      #expect(again == logits[0])
      #expect(backend.recordingCount == 3)
    }
  }

  @Test("a recording that fails is not tried again, and the step is done all the same")
  func fallsBack() async throws {
    let (plain, _) = try await decoded(6, SessionOptions(), recording: false)
    try await withSession { session, backend in
      backend.refusesRecordings = true
      #expect(try await Self.decode(session, 6) == plain)
      backend.refusesRecordings = false
      _ = try await session.advance([1])
      #expect(backend.graphLaunchCount == 0)
    }
  }

  @Test("away and back again, the same recording runs where addresses stay")
  func survivesMoves() async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    for (addressesStay, expected) in [(true, 1), (false, 2)] {
      let backend = RecordingBackend(
        try TestDevices.backend(of: .opencl(0)), addressesStay: addressesStay)
      let other = try DeviceContext(backend)
      let synthetic = try SyntheticModel(on: host)
      let weights = ResidentWeights(synthetic.image, mover: Mover(host: host))
      let session = try Session(synthetic.model, weights: weights) {
        try OperationsFactory.make(for: $0)
      }
      let stayed = try await staying(synthetic, host)
      var logits: [[Float]] = []
      for context in [other, host, other] {
        if weights.context !== context {
          try await weights.move(to: context, options: MoveOptions(measuringLink: false))
        }
        if logits.isEmpty { _ = try await session.advance(Self.prompt) }
        for token in 0..<4 { logits.append(try await session.advance([token])) }
      }
      for (moved, expected) in zip(logits, stayed) { #expect(moved.error(to: expected) < 1e-4) }
      #expect(backend.recordingCount == expected)
      #expect(backend.refusals.isEmpty)
    }
  }

  /// The logits of the walk of ``survivesMoves()`` on the host.
  private func staying(_ synthetic: SyntheticModel, _ host: DeviceContext) async throws
    -> [[Float]]
  {
    let weights = ResidentWeights(synthetic.image, mover: Mover(host: host))
    let session = try Session(synthetic.model, weights: weights) {
      HostOperations(context: $0)
    }
    _ = try await session.advance(Self.prompt)
    var logits: [[Float]] = []
    for _ in 0..<3 { for token in 0..<4 { logits.append(try await session.advance([token])) } }
    return logits
  }

  private func decoded(
    _ count: Int, _ options: SessionOptions, recording: Bool
  ) async throws -> ([[Float]], RecordingBackend) {
    var logits: [[Float]] = []
    var used: RecordingBackend?
    try await withSession(options) { session, backend in
      backend.refusesRecordings = !recording
      logits = try await Self.decode(session, count)
      used = backend
    }
    return (logits, try #require(used))
  }

  private static func decode(_ session: Session, _ count: Int) async throws -> [[Float]] {
    _ = try await session.advance(prompt)
    var logits: [[Float]] = []
    for index in 0..<count { logits.append(try await session.advance([(index * 5 + 2) % 32])) }
    return logits
  }

  private func withSession(
    _ options: SessionOptions = .init(), threshold: Float? = nil,
    _ body: (Session, RecordingBackend) async throws -> Void
  ) async throws {
    try await withSessions(1, options, threshold: threshold) { try await body($0[0], $1) }
  }

  /// Runs `body` with sessions on one device that records, and checks that nothing is left behind.
  private func withSessions(
    _ count: Int, _ options: SessionOptions = .init(), threshold: Float? = nil,
    _ body: ([Session], RecordingBackend) async throws -> Void
  ) async throws {
    let host = try DeviceContext(TestDevices.backend(of: .cpu))
    let backend = RecordingBackend(try TestDevices.backend(of: .opencl(0)))
    let context = try DeviceContext(backend)
    do {
      let synthetic = try SyntheticModel(on: host, threshold: threshold)
      let weights = try FixedWeights(uploading: synthetic.image, to: context)
      defer { weights.detachAll() }
      let sessions = try (0..<count).map { _ in
        try Session(synthetic.model, weights: weights, options: options) {
          try KernelOperations(context: $0)
        }
      }
      try await body(sessions, backend)
    }
    try TestDevices.checkLeaks(context)
  }
}
