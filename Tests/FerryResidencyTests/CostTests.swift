import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("The cost of a move")
struct CostTests {
  @Test("of 50,000 small tensors is as many uploads and allocations as of one large one")
  func manySmall() async throws {
    for perSegment in [100, 5000] {
      let places = try TestPlaces(chunk: 1 << 20)
      let file = try ZeroFile(count: 50_000, size: 256, perSegment: perSegment)
      let layout = file.layout
      let weights = ResidentWeights(try WeightImage(mapping: layout), mover: places.mover)
      try await weights.move(to: places.devices[0], options: .quiet(keepingHostCopy: false))
      let chunks = (layout.imageByteCount + (1 << 20) - 1) >> 20
      #expect(places.backends[0].count(of: .upload) == chunks)
      #expect(places.backends[0].count(of: .allocation) == 1)
      try await weights.move(to: places.host, options: .quiet(keepingHostCopy: false))
      #expect(places.backends[0].count(of: .download) == chunks)
      try await weights.move(to: places.devices[0], options: .quiet(keepingHostCopy: false))
      #expect(places.backends[0].count(of: .upload) == 2 * chunks)
    }
  }

  @Test("of 50,000 small tensors is that of one large one beside pinned memory too")
  func manySmallPinned() async throws {
    let places = try TestPlaces(chunk: 1 << 20, chunkCount: 4, able: true)
    let file = try ZeroFile(count: 50_000, size: 256, perSegment: 100)
    let weights = ResidentWeights(try WeightImage(mapping: file.layout), mover: places.mover)
    let chunks = (file.layout.imageByteCount + (1 << 20) - 1) >> 20
    for round in 1...2 {
      try await weights.move(to: places.devices[0], options: .quiet())
      #expect(places.backends[0].count(of: .upload) == round * chunks)
      #expect(places.backends[0].count(of: .commitment) == round)
      #expect(places.backends[0].count(of: .reservation) == 1)
      #expect(places.backends[0].count(of: .registration) == 1)
      #expect(places.hostBackend.count(of: .allocation) == 1)
      try await weights.move(to: places.host, options: .quiet())
    }
  }

  @Test("in host memory beside the images is at most the staging ring", arguments: [1, 2, 5])
  func staging(chunkCount: Int) async throws {
    let places = try TestPlaces(chunk: 8192, chunkCount: chunkCount)
    let model = try TestModel(scrambled: true)
    let weights = ResidentWeights(try model.mapped(), mover: places.mover)
    let log = PeakLog(places.host)
    let ring = 8192 * chunkCount
    for target in [places.devices[0], places.devices[1]] {
      try await weights.move(to: target, options: .quiet(keepingHostCopy: false)) { _ in log.note()
      }
      #expect(log.peak > 0 && log.peak <= ring)
      #expect(places.host.bytesInUse == 0)
    }
    try await weights.move(to: places.host, options: .quiet()) { _ in log.note() }
    #expect(log.peak <= model.layout.imageByteCount)
    try await weights.move(to: places.devices[0], options: .quiet()) { _ in log.note() }
    #expect(
      log.peak <= model.layout.imageByteCount + (model.layout.imageByteCount > ring ? 0 : ring))
  }
}

/// The most bytes a context had in use whenever somebody looked.
final class PeakLog: @unchecked Sendable {
  private let context: DeviceContext
  private(set) var peak = 0

  init(_ context: DeviceContext) { self.context = context }
  func note() { peak = max(peak, context.bytesInUse) }
}
