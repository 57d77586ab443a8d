import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryTensors
import Synchronization
import Testing

@Suite struct SessionMovementTests {
  static let prompt = SessionTests.prompt

  @Test("a cache that moved goes on as if it had stayed", arguments: TestDevices.available)
  func copyKeepsTheText(_ device: Device) async throws {
    try await TestDevices.withContext(on: .cpu) { host in
      try await TestDevices.withContext(on: device) { other in
        let synthetic = try SyntheticModel(on: host)
        let weights = MovableWeights(synthetic.image, on: host)
        defer { weights.detachAll() }
        let session = try session(synthetic, weights)
        _ = try await session.advance(Self.prompt)
        let before = session.byteCount
        let copy = try session.copy(over: bridge(host, other, by: host))
        #expect(session.byteCount == before)
        // Two layers of keys and values, two heads of four f32.
        #expect(copy.byteCount == 2 * 2 * 2 * 4 * 4 * Self.prompt.count)
        copy.commit()
        // Away and back: the bytes crossed the device twice.
        let back = try session.copy(over: bridge(other, host, by: host))
        #expect(back.byteCount == copy.byteCount)
        back.commit()
        let moved = try await session.advance([7, 8])
        let stayed = try self.session(synthetic, weights)
        _ = try await stayed.advance(Self.prompt)
        #expect(try await stayed.advance([7, 8]) == moved)
        try host.drain()
        try other.drain()
      }
    }
  }

  @Test("a copy that is not committed changes nothing and leaves nothing")
  func abandonedCopy() async throws {
    try await withSession { session, context, target in
      _ = try await session.advance(Self.prompt)
      let baseline = target.bytesInUse
      do { _ = try session.copy(over: bridge(context, target, by: context)) }
      try target.drain()
      #expect(target.bytesInUse == baseline)
      _ = try await session.advance([1])
      #expect(session.position == Self.prompt.count + 1)
    }
  }

  @Test("a dropped cache is a typed error until the session is reset")
  func droppedCache() async throws {
    try await withSession { session, context, _ in
      let fresh = try await session.advance(Self.prompt)
      session.drop()
      #expect(session.byteCount == 0)
      for _ in 0..<2 {
        let error = await #expect(throws: ModelError.self) { try await session.advance([1]) }
        #expect(error?.code == .stateDropped)
      }
      try session.reset()
      #expect(try await session.advance(Self.prompt) == fresh)
    }
  }

  @Test("an empty session may be dropped and used")
  func droppedWhileEmpty() async throws {
    try await withSession { session, _, _ in
      session.drop()
      _ = try await session.advance(Self.prompt)
      #expect(session.position == Self.prompt.count)
    }
  }

  @Test("weights elsewhere than the cache are an error, not other logits")
  func weightsMovedAlone() async throws {
    try await TestDevices.withContext(on: .cpu) { first in
      try await TestDevices.withContext(on: .cpu) { second in
        let synthetic = try SyntheticModel(on: first)
        let weights = MovableWeights(synthetic.image, on: first)
        defer { weights.detachAll() }
        let session = try session(synthetic, weights)
        _ = try await session.advance(Self.prompt)
        weights.context = second
        let error = await #expect(throws: ModelError.self) { try await session.advance([1]) }
        #expect(error?.code == .stateDropped)
      }
    }
  }

  @Test("an error in the middle of a step leaves the text as it was")
  func failedStep() async throws {
    try await TestDevices.withContext(on: .cpu) { context in
      let synthetic = try SyntheticModel(on: context)
      let weights = MovableWeights(synthetic.image, on: context)
      defer { weights.detachAll() }
      let session = try session(synthetic, weights)
      _ = try await session.advance([1, 2, 3])
      weights.absentSegment = 2
      await #expect(throws: TensorError.self) { try await session.advance(Self.prompt) }
      #expect(session.position == 3)
      weights.absentSegment = nil
      let logits = try await session.advance([4])
      let straight = try self.session(synthetic, weights)
      #expect(try await straight.advance([1, 2, 3, 4]).error(to: logits) < 1e-5)
    }
  }

  private func bridge(
    _ source: DeviceContext, _ target: DeviceContext, by host: DeviceContext
  ) -> DeviceBridge {
    DeviceBridge(from: source, to: target, by: StagingPool(host: host, limits: StagingLimits()))
  }

  private func session(_ synthetic: SyntheticModel, _ weights: any WeightAccess) throws -> Session {
    try Session(synthetic.model, weights: weights) { ReferenceOperations(context: $0) }
  }

  private func withSession(
    _ body: (Session, _ context: DeviceContext, _ other: DeviceContext) async throws -> Void
  ) async throws {
    try await TestDevices.withContext(on: .cpu) { context in
      try await TestDevices.withContext(on: .cpu) { other in
        let synthetic = try SyntheticModel(on: context)
        let weights = MovableWeights(synthetic.image, on: context)
        defer { weights.detachAll() }
        try await body(session(synthetic, weights), context, other)
      }
    }
  }
}

/// Host weights whose steps can be made to run on another context, or to miss a segment.
private final class MovableWeights: WeightAccess {
  let layout: WeightLayout
  let device = Device.cpu
  private let image: WeightImage
  private let state: Mutex<State>

  private struct State {
    var context: DeviceContext
    var absentSegment: Int?
    var attached: [any AttachedState] = []
  }

  init(_ image: WeightImage, on context: DeviceContext) {
    self.image = image
    layout = image.layout
    state = Mutex(State(context: context))
  }

  var context: DeviceContext {
    get { state.withLock { $0.context } }
    set { state.withLock { $0.context = newValue } }
  }

  var absentSegment: Int? {
    get { state.withLock { $0.absentSegment } }
    set { state.withLock { $0.absentSegment = newValue } }
  }

  func withStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value {
    let step = Step(image: image, context: context, absentSegment: absentSegment)
    return try await step.context.worker.run { try body(step) }
  }

  func attach(_ attached: any AttachedState) { state.withLock { $0.attached.append(attached) } }

  func detachAll() { state.withLock { $0.attached = [] } }

  private struct Step: WeightStep, Sendable {
    let image: WeightImage
    let context: DeviceContext
    let absentSegment: Int?

    func acquire(segment: Int) throws -> ResidentSegment {
      guard segment != absentSegment, let resident = image.resident(segment: segment) else {
        throw TensorError(.missing, "segment \(segment) is absent")
      }
      return resident
    }
  }
}
