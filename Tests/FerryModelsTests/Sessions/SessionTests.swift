import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import FerryTensors
import Testing

@Suite struct SessionTests {
  static let prompt = [3, 1, 4, 15, 9, 26, 5, 31, 8, 9, 7, 9]

  @Test("token by token gives what the whole prompt gives")
  func decodingAgreesWithPrefill() async throws {
    try await withSession { whole, makeSession in
      let expected = try await whole.advance(Self.prompt)
      let session = try makeSession(SessionOptions(initialPositions: 1))
      var logits: [Float] = []
      for token in Self.prompt { logits = try await session.advance([token]) }
      #expect(logits.error(to: expected) < 1e-5)
      #expect(session.position == Self.prompt.count)
    }
  }

  @Test("chunks of a prompt give what the whole gives", arguments: [1, 5, 11, 12])
  func chunksAgree(_ chunkSize: Int) async throws {
    try await withSession { whole, makeSession in
      let expected = try await whole.advance(Self.prompt)
      let session = try makeSession(SessionOptions(chunkSize: chunkSize))
      #expect(try await session.advance(Self.prompt).error(to: expected) < 1e-5)
    }
  }

  @Test("dynamic scaling looks at the whole step, not at the chunk")
  func dynamicScalingIsPerStep() async throws {
    let scaling = RotaryScaling.dynamic(factor: 4)
    try await withSession(maximumPositions: 6, scaling: scaling) { whole, makeSession in
      #expect(whole.maximumPositions == 24)
      let expected = try await whole.advance(Self.prompt)
      let session = try makeSession(SessionOptions(chunkSize: 3))
      #expect(try await session.advance(Self.prompt).error(to: expected) < 1e-5)
    }
  }

  @Test func aWindowHidesWhatIsFarBack() async throws {
    try await withSession(window: 4) { session, makeSession in
      let full = try await session.advance(Self.prompt)
      let other = try makeSession(SessionOptions())
      let changed = try await other.advance([30] + Self.prompt.dropFirst())
      // The other layer has no window, so that the difference still arrives, but smaller.
      #expect(full != changed)
    }
  }

  @Test func bytesAreAccountedExactly() async throws {
    try await TestDevices.withContext(on: .cpu) { context in
      let synthetic = try SyntheticModel(on: context)
      let weights = FixedWeights(synthetic.image, on: context)
      defer { weights.detachAll() }
      let session = try Session(synthetic.model, weights: weights) {
        ReferenceOperations(context: $0)
      }
      let before = context.bytesInUse
      #expect(session.byteCount == 0)
      for tokens in [Self.prompt, [1], [2]] {
        _ = try await session.advance(tokens)
        try context.drain()
        #expect(session.byteCount > 0)
        #expect(context.bytesInUse - before == session.byteCount)
      }
      try session.reset()
      try context.drain()
      #expect(session.byteCount == 0)
      #expect(context.bytesInUse == before)
    }
  }

  @Test("tokens outside the vocabulary, no token, too many positions")
  func errorsLeaveTheTextAsItWas() async throws {
    try await withSession(maximumPositions: 8) { session, makeSession in
      _ = try await session.advance([1, 2, 3])
      for (tokens, code) in [
        ([32], ModelError.Code.badToken), ([-1], .badToken), ([], .badToken),
        ([1, 2, 3, 4, 5, 6], .tooLong),
      ] {
        let error = await #expect(throws: ModelError.self) { try await session.advance(tokens) }
        #expect(error?.code == code)
        #expect(session.position == 3)
      }
      _ = try await session.advance([4, 5, 6, 7, 8])
      #expect(throws: ModelError.self) { try makeSession(SessionOptions(maximumPositions: 9)) }
    }
  }

  @Test func forwardDoesNotTouchWeights() async throws {
    try await TestDevices.withContext(on: .cpu) { context in
      let synthetic = try SyntheticModel(on: context)
      let before = synthetic.image.checksum
      let weights = FixedWeights(synthetic.image, on: context)
      defer { weights.detachAll() }
      let session = try Session(synthetic.model, weights: weights) {
        ReferenceOperations(context: $0)
      }
      _ = try await session.advance(Self.prompt)
      #expect(synthetic.image.checksum == before)
    }
  }

  /// Runs `body` with a session and a way to make more on the same weights.
  private func withSession(
    window: Int? = nil, maximumPositions: Int = 64, scaling: RotaryScaling = .none,
    _ body: (Session, (SessionOptions) throws -> Session) async throws -> Void
  ) async throws {
    try await TestDevices.withContext(on: .cpu) { context in
      let synthetic = try SyntheticModel(
        on: context, window: window, maximumPositions: maximumPositions, scaling: scaling)
      let weights = FixedWeights(synthetic.image, on: context)
      defer { weights.detachAll() }
      let make: (SessionOptions) throws -> Session = { options in
        try Session(synthetic.model, weights: weights, options: options) {
          ReferenceOperations(context: $0)
        }
      }
      try await body(make(SessionOptions()), make)
    }
  }
}

extension WeightImage {
  /// Over the parts of all segments, for an image in host memory.
  var checksum: UInt64 {
    var checksum = Checksum()
    for segment in layout.segments {
      for part in segment.parts {
        if let bytes = view(of: part, segment: segment.index)?.hostBytes { checksum.append(bytes) }
      }
    }
    return checksum.value
  }
}
