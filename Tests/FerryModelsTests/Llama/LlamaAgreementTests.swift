import FerryCheckpoints
import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import Testing

/// The last position's logits against Hugging Face's, within the bounds of the specification.
@Suite struct LlamaAgreementTests {
  /// A way to compute: the plain reference, or what a device computes with.
  struct Engine: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let device: Device
    let operations: Session.OperationsMaker

    static let reference = Engine(testDescription: "reference", device: .cpu) {
      ReferenceOperations(context: $0)
    }

    static let all =
      [reference]
      + TestDevices.available.map { device in
        Engine(testDescription: "\(device)", device: device) { context in
          if device == .cpu { return HostOperations(context: context) }
          return try KernelOperations(context: context)
        }
      }
  }

  @Test("plain, 4-bit and weight-only 8-bit within 1e-3", arguments: LlamaFixture.all, Engine.all)
  func agreesInF32(_ fixture: LlamaFixture, _ engine: Engine) async throws {
    let eightBit: SessionOptions.EightBitArithmetic = fixture.isWeightOnly ? .weightOnly : .stored
    let logits = try await logits(fixture, engine, SessionOptions(eightBit: eightBit))
    #expect(logits.error(to: fixture.logits) <= 1e-3)
    if let dequantized = fixture.dequantized {
      #expect(logits.error(to: dequantized) <= 0.12)
      #expect(Session.greedy(logits) == Session.greedy(dequantized))
    }
  }

  @Test(
    "bf16 and f16 activations within 0.1", arguments: Self.sixteenBit, [ElementType.bf16, .f16])
  func agreesInSixteenBits(_ fixture: LlamaFixture, _ type: ElementType) async throws {
    for engine in Engine.all {
      let logits = try await logits(fixture, engine, SessionOptions(elementType: type))
      #expect(logits.error(to: fixture.logits) <= 0.1)
      #expect(Session.greedy(logits) == Session.greedy(fixture.logits))
    }
  }

  static let sixteenBit = LlamaFixture.all.filter {
    ["llama-plain", "llama-nf4", "llama-int8-threshold-6", "qwen2-full"].contains($0.name)
  }

  @Test func fixturesAreThere() { #expect(LlamaFixture.all.count >= 23) }

  private func logits(_ fixture: LlamaFixture, _ engine: Engine, _ options: SessionOptions)
    async throws -> [Float]
  {
    try await TestDevices.withContext(on: engine.device) { context in
      let host = engine.device == .cpu ? context : try DeviceContext(HostBackend())
      let model = try fixture.withCheckpoint { try ModelLoader.load($0, on: host) }
      let weights = try FixedWeights(uploading: model.image, to: context)
      defer { weights.detachAll() }
      let session = try Session(
        model.makeModel().language(), weights: weights, options: options,
        operations: engine.operations)
      return try await session.advance(fixture.tokens)
    }
  }
}
