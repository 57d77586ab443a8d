import FerryCheckpoints
import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryTensors
import Testing

/// Vectors against transformers', within the bound of the specification and closer.
@Suite struct BertAgreementTests {
  typealias Engine = LlamaAgreementTests.Engine

  @Test("in f32 to a few times 1e-6", arguments: BertFixture.all, Engine.all)
  func agreesInF32(_ fixture: BertFixture, _ engine: Engine) async throws {
    let vectors = try await vectors(fixture, engine, .f32) { $0 }
    for (vector, expected) in zip(vectors, fixture.vectors) {
      #expect(vector.error(to: expected) <= 2e-5)
      #expect(cosine(vector, expected) >= 0.999_999)
    }
  }

  @Test("in 16 bits to the rounding of activations", arguments: [ElementType.bf16, .f16])
  func agreesInSixteenBits(_ type: ElementType) async throws {
    let fixture = try #require(BertFixture.all.first)
    for engine in Engine.all {
      let vectors = try await vectors(fixture, engine, type) { $0 }
      for (vector, expected) in zip(vectors, fixture.vectors) {
        #expect(cosine(vector, expected) >= 0.998)
      }
    }
  }

  /// Alone, all at once, the other way round: nothing of another text enters.
  @Test(arguments: Engine.all)
  func aTextsVectorDoesNotDependOnTheOthers(_ engine: Engine) async throws {
    let fixture = try #require(BertFixture.all.last)
    let together = try await vectors(fixture, engine, .f32) { $0 }
    let reversed = try await vectors(fixture, engine, .f32) { $0.reversed() }
    let many = try await vectors(fixture, engine, .f32) { texts in
      Array(repeating: texts, count: engine.device == .cpu && !engine.isReference ? 20 : 1)
        .flatMap(\.self)
    }
    for index in fixture.texts.indices {
      let alone = try await vectors(fixture, engine, .f32) { [$0[index]] }
      let others = [reversed[fixture.texts.count - 1 - index], many[index], alone[0]]
      for other in others { #expect(other.error(to: together[index]) <= 1e-5) }
    }
  }

  @Test func fixturesAreThere() { #expect(BertFixture.all.count == 3) }

  /// The vectors of what `choose` makes of the fixture's texts.
  private func vectors(
    _ fixture: BertFixture, _ engine: Engine, _ type: ElementType,
    choose: ([[Int]]) -> [[Int]]
  ) async throws -> [[Float]] {
    let tokens = choose(fixture.tokens)
    return try await fixture.withFolder { path in
      try await TestDevices.withContext(on: engine.device) { context in
        let host = engine.device == .cpu ? context : try DeviceContext(HostBackend())
        let checkpoint = try Checkpoint(path: path)
        let loaded = try ModelLoader.load(checkpoint, on: host)
        let weights = try FixedWeights(uploading: loaded.image, to: context)
        let embedder = Embedder(
          try loaded.makeModel().embedder(), weights: weights,
          convention: try SentenceConvention(checkpoint), elementType: type,
          operations: engine.operations)
        return try await embedder.embed(tokens)
      }
    }
  }
}

extension LlamaAgreementTests.Engine {
  fileprivate var isReference: Bool { testDescription == "reference" }
}
