import FerryDeviceTesting
import FerryDevices
import FerryModels
import FerryOperations
import Testing

/// The host memory that a session's logits arrive in.
@Suite struct LogitsMemoryTests {
  private static let prompt = SessionTests.prompt
  private let backend = FaultInjectingBackend(HostBackend(), pinning: TestPinning())

  /// A session on a device that gains from registered memory, and the host its logits come to.
  private func withSession(
    _ body: (Session, _ host: DeviceContext, _ expected: [Float]) async throws -> Void
  ) async throws {
    let (host, device) = (try DeviceContext(HostBackend()), try DeviceContext(backend))
    do {
      let synthetic = try SyntheticModel(on: device)
      let weights = FixedWeights(synthetic.image, on: device)
      defer { weights.detachAll() }
      let plain = try Session(synthetic.model, weights: weights) {
        ReferenceOperations(context: $0)
      }
      let expected = try await plain.advance(Self.prompt)
      #expect(backend.count(of: .registration) == 0)
      let session = try Session(synthetic.model, weights: weights, host: host) {
        ReferenceOperations(context: $0)
      }
      try await body(session, host, expected)
    }
    #expect(host.bytesInUse == 0 && device.bytesInUse == 0)
    #expect(backend.registeredBytes == 0 && backend.misuses == [])
  }

  @Test func isRegisteredOnceAndGivenBackWithTheSession() async throws {
    try await withSession { session, host, expected in
      #expect(host.bytesInUse == 0)
      #expect(try await session.advance(Self.prompt) == expected)
      let (bytes, pinned) = (expected.count * 4, backend.pinnedBytes)
      #expect(host.bytesInUse == bytes && backend.registeredBytes > 0 && pinned == bytes)
      for step in 1...3 {
        _ = try await session.advance([step])
        #expect(host.bytesInUse == bytes && backend.pinnedBytes == pinned + step * bytes)
      }
      #expect(backend.count(of: .registration) == 1)
      try session.reset()
      #expect(host.bytesInUse == 0 && backend.registeredBytes == 0)
      #expect(try await session.advance(Self.prompt) == expected)
    }
  }

  @Test func isNoneWhereItCannotBeHad() async throws {
    try await withSession { session, host, expected in
      backend.fail(.registration, repeatedly: true)
      #expect(try await session.advance(Self.prompt) == expected)
      _ = try await session.advance([1])
      #expect(host.bytesInUse == 0 && backend.count(of: .registration) == 1)
    }
  }

  @Test func isFreeOnceADownloadHasFailed() async throws {
    try await withSession { session, host, expected in
      backend.fail(.download)
      await #expect(throws: DeviceError.self) { try await session.advance(Self.prompt) }
      #expect(session.position == 0)
      let logits = try await session.advance(Self.prompt)
      #expect(logits == expected)
      session.drop()
      #expect(host.bytesInUse == 0)
    }
  }
}
