import CAllocations
import FerryDeviceTesting
import FerryDevices
import FerryFormats
import FerryModels
import FerryOperations
import FerryResidency
import FerryTensors

/// What a decoded token and a move take, in allocations, launches and bytes: the same on every machine.
struct CountsBench {
  let host: DeviceContext
  /// What the kernels run on; nil: launches are not counted.
  let backend: (any DeviceBackend)?
  private static let tokenCount = 8

  init(host: DeviceContext, backend: (any DeviceBackend)?) {
    (self.host, self.backend) = (host, backend)
  }

  /// The counts of a model of that shape in NF4.
  func counts(of configuration: LlamaConfiguration, named name: String) async throws -> [Count] {
    let llama = SyntheticLlama(configuration, .fourBit(FourBitFormat(.nf4)))
    let image = try await SyntheticImage.make(
      llama.layout, on: host, content: SyntheticImage.weights)
    let weights = ResidentWeights(image, mover: Mover(host: host))
    let allocations = try await allocations(of: llama, weights)
    let own = Count("allocations for a token, \(name) on cpu", .allocations, allocations)
    guard let backend else { return [own] }
    return [own] + (try await counts(of: llama, weights, on: RecordingBackend(backend), name))
  }

  private func counts(
    of llama: SyntheticLlama, _ weights: ResidentWeights, on backend: RecordingBackend,
    _ name: String
  ) async throws -> [Count] {
    let device = try DeviceContext(backend)
    let there = try await weights.move(to: device)
    let launches = try await launches(of: llama, weights, backend)
    let back = try await weights.move(to: host)
    let size = Double(llama.layout.byteCount)
    return [
      Count("launches for a token, \(name) on a device", .launches, launches),
      Count(
        "bytes moved to a device, \(name), of the weights'", .bytes, Double(there.bytes) / size),
      Count("bytes moved back, \(name), of the weights'", .bytes, Double(back.bytes) / size),
    ]
  }

  /// Allocations of one of some tokens, the fewest of three rounds.
  private func allocations(
    of llama: SyntheticLlama, _ weights: ResidentWeights
  ) async throws -> Double {
    let session = try session(of: llama, weights)
    try await advance(session, Self.tokenCount)
    var fewest = Int64.max
    for _ in 0..<3 {
      ferry_count_allocations()
      try await advance(session, Self.tokenCount)
      fewest = min(fewest, ferry_allocation_count())
    }
    return (Double(fewest) / Double(Self.tokenCount)).rounded(.up)
  }

  private func launches(
    of llama: SyntheticLlama, _ weights: ResidentWeights, _ backend: RecordingBackend
  ) async throws -> Double {
    let session = try session(of: llama, weights)
    try await advance(session, Self.tokenCount)
    let before = backend.launchCount
    try await advance(session, Self.tokenCount)
    return Double(backend.launchCount - before) / Double(Self.tokenCount)
  }

  private func session(of llama: SyntheticLlama, _ weights: ResidentWeights) throws -> Session {
    try Session(
      llama.model, weights: weights, options: SessionOptions(elementType: .f32), host: host
    ) { context in
      // Two threads on every machine, so that the counts are the same.
      context.device == .cpu
        ? HostOperations(context: context, threads: 2) : try OperationsFactory.make(for: context)
    }
  }

  private func advance(_ session: Session, _ count: Int) async throws {
    for token in 1...count { _ = try await session.advance([token]) }
  }
}
