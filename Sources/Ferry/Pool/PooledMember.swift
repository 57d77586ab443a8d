import FerryResidency

/// A model of a pool: pages to the residency pool, a model to its clients.
final class PooledMember: PoolMember {
  /// What clients get.
  enum Content: Sendable {
    case model(Model)
    case upscaler(UpscalingModel)
  }

  let name: String
  let content: Content
  let segmentBytes: [Int]
  private let pages: PagedWeights
  private let observer: PoolTransferObserver?

  init(
    _ name: String, _ content: Content, over pages: PagedWeights, observer: PoolTransferObserver?
  ) {
    self.name = name
    self.content = content
    self.pages = pages
    self.observer = observer
    segmentBytes = pages.segmentBytes
  }

  var byteCount: Int { segmentBytes.reduce(0, +) }

  var secondsPerByte: Double { pages.secondsPerByte }

  var linkRate: Double? { pages.linkRate }

  var ringByteCount: Int? { pages.ringByteCount }

  func setRing(open: Bool) async throws { try await pages.setRing(open: open) }

  func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int] {
    let start = ContinuousClock.now
    let came = try await pages.bring(segments, control: control, started: started)
    tell(.arrival, came, since: start)
    return came
  }

  func giveUp(_ segments: [Int]) async throws {
    let start = ContinuousClock.now
    try await pages.giveUp(segments)
    tell(.departure, segments, since: start)
  }

  private func tell(
    _ kind: PoolTransfer.Kind, _ segments: [Int], since start: ContinuousClock.Instant
  ) {
    guard let observer, !segments.isEmpty else { return }
    let bytes = segments.reduce(0) { $0 + segmentBytes[$1] }
    observer(PoolTransfer(model: name, kind: kind, bytes: bytes, start: start, end: .now))
  }
}

/// Bytes of a model that came to a pool's device, or went.
struct PoolTransfer: Sendable {
  enum Kind: Sendable { case arrival, departure }

  let model: String
  let kind: Kind
  let bytes: Int
  let start: ContinuousClock.Instant
  let end: ContinuousClock.Instant
}

/// Hears of transfers as they end.
typealias PoolTransferObserver = @Sendable (PoolTransfer) -> Void
