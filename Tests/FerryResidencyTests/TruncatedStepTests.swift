import FerryDevices
import FerryResidency
import FerryTensors
import Testing

/// Files that are truncated while a step reads their mapping.
@Suite("A step whose file is truncated under it")
struct TruncatedStepTests {
  private struct Nonsense: Error {}

  /// Reads every byte of the weights, as a forward pass does.
  @Sendable private static func sum(_ step: any WeightStep, _ layout: WeightLayout) throws -> Int {
    try layout.segments.indices.reduce(0) { sum, segment in
      try step.acquire(segment: segment).weights.flatMap(\.parts).reduce(sum) { sum, part in
        part.hostBytes?.reduce(sum) { $0 + Int($1) } ?? sum
      }
    }
  }

  @Test("tells no result, but that the file changed")
  func result() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let whole = try await weights.withStep { try Self.sum($0, model.layout) }
    #expect(whole > 0)
    let error = await #expect(throws: TensorError.self) {
      try await weights.withStep { step in
        model.truncate(to: 100)
        return try Self.sum(step, model.layout)
      }
    }
    #expect(error?.code == .fileChanged)
    #expect(error?.message.contains("changed while it was in use") == true)
    await #expect(throws: TensorError.self) { try await weights.withStep { _ in 1 } }
  }

  @Test("tells that the file changed, not what it took the zeros for")
  func failure() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let error = await #expect(throws: TensorError.self) {
      try await weights.withStep { step in
        model.truncate(to: 100)
        guard try Self.sum(step, model.layout) > 0 else { throw Nonsense() }
        throw Nonsense()
      }
    }
    #expect(error?.code == .fileChanged)
  }

  @Test("is found out even where the file is whole again at its end")
  func restored() async throws {
    let places = try TestPlaces()
    let model = try TestModel()
    let image = try model.mapped()
    let weights = ResidentWeights(image, mover: places.mover)
    let error = await #expect(throws: TensorError.self) {
      try await weights.withStep { step in
        model.truncate(to: 100)
        let sum = try Self.sum(step, model.layout)
        model.truncate(to: 1 << 20)
        return sum
      }
    }
    #expect(error?.code == .fileChanged)
  }
}
