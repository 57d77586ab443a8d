import FerryDeviceTesting
import FerryDevices
import FerryTensors

@testable import FerryResidency

/// A pool of paged weights on one device, and what is tried on it.
final class StressPool: Sendable {
  let pool: ResidencyPool
  let context: DeviceContext
  let budget: Int
  let models: [TestModel]
  private let images: [WeightImage]
  private let mover: Mover
  private let members = Shared<[Int: PagedWeights]>([:])
  /// Whether texts are in progress beside models.
  let hasSessions: Bool
  let texts = Shared<[Int: Texts]>([:])

  /// A budget of this share of what all models take, at least what the largest takes unless some run through
  /// rings.
  init(
    _ models: [TestModel], _ images: [WeightImage], on context: DeviceContext, mover: Mover,
    share: Double, rings: Bool, sessions: Bool, patience: Double
  ) {
    hasSessions = sessions
    (self.models, self.images, self.context, self.mover) = (models, images, context, mover)
    let weights = images.map {
      PagedWeights($0, on: context, mover: mover, pageByteCount: Self.pageByteCount)
    }
    let sizes = weights.map { $0.segmentBytes.reduce(0, +) }
    let least =
      rings ? weights.map { RingPlan.leastBytes($0.segmentBytes) }.max() ?? 0 : sizes.max() ?? 0
    let budget = max(least, Int(share * Double(sizes.reduce(0, +))))
    self.budget = budget
    pool = ResidencyPool(options: PoolOptions(patience: patience)) { _ in budget }
  }

  private static let pageByteCount = 4096

  func registerAll() async throws {
    for number in models.indices { try await register(number, again: false) }
  }

  /// Registers what was there before, or the same image anew.
  func register(_ number: Int, again: Bool) async throws {
    let known = again ? members.change { $0[number] } : nil
    let weights =
      known
      ?? PagedWeights(
        images[number], on: context, mover: mover, pageByteCount: Self.pageByteCount)
    try await pool.register("\(number)", weights)
    members.change { $0[number] = weights }
  }

  /// What is registered of a model, or was.
  func weights(_ number: Int) -> PagedWeights? { members.change { $0[number] } }

  func unloadAll() async throws {
    for number in models.indices where await isRegistered(number) {
      try await pool.setPinned(false, "\(number)")
    }
    for number in models.indices where await isRegistered(number) {
      try await pool.unload("\(number)")
    }
  }

  private func isRegistered(_ number: Int) async -> Bool {
    (try? await pool.residentBytes(of: "\(number)")) != nil
  }

  /// Compares segments on the device with the file, inside a lease: how many were not the same.
  func differences(_ member: any PoolMember, _ number: Int, segments: [Int]) async throws -> Int {
    guard let weights = member as? PagedWeights else { return segments.count }
    let model = models[number]
    return try await weights.withStep { step in
      try segments.count { segment in
        let resident = try step.acquire(segment: segment)
        return try !Self.isSame(resident, model, segment) { try step.context.bytes(of: $0) }
      }
    }
  }

  /// Whether all parts of a segment have the bytes of the file.
  static func isSame(
    _ resident: ResidentSegment, _ model: TestModel, _ number: Int,
    bytes: (BufferView) throws -> [UInt8]
  ) throws -> Bool {
    let segment = model.layout.segments[number]
    for entry in segment.entries {
      for (part, view) in zip(resident[entry].entry.parts, resident[entry].parts)
      where part.byteCount > 0 {
        let index = segment.parts.firstIndex {
          $0.imageOffset == part.imageOffset && $0.byteCount == part.byteCount
        }
        guard let index, try bytes(view) == model.contents[number][index] else { return false }
      }
    }
    return true
  }
}

extension DeviceContext {
  /// The bytes of a view, downloaded after what computes.
  func bytes(of view: BufferView) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: view.byteCount)
    try bytes.withUnsafeMutableBytes {
      try download.wait(for: compute.record())
      try download.download(view, to: $0)
      try download.synchronize()
    }
    return bytes
  }
}
