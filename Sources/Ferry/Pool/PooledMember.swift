import FerryResidency
import Synchronization

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
  let pages: PagedWeights
  private let observer: PoolTransferObserver?
  private let ringBytes = Atomic<Int>(0)

  init(
    _ name: String, _ content: Content, over pages: PagedWeights, observer: PoolTransferObserver?
  ) {
    self.name = name
    self.content = content
    self.pages = pages
    self.observer = observer
    segmentBytes = pages.segmentBytes
  }

  /// What those get who ask for a model.
  var model: Model {
    get throws {
      guard case .model(let model) = content else {
        throw FerryError(
          .badArgument, "'\(name)' enlarges images and knows no texts; use it by withUpscaler")
      }
      return model
    }
  }

  /// What those get who ask for a network that enlarges images.
  var upscaler: UpscalingModel {
    get throws {
      guard case .upscaler(let model) = content else {
        throw FerryError(.badArgument, "'\(name)' does not enlarge images; use it by withModel")
      }
      return model
    }
  }

  var byteCount: Int { segmentBytes.reduce(0, +) }

  var secondsPerByte: Double { pages.secondsPerByte }

  var linkRate: Double? { pages.linkRate }

  var canStream: Bool { pages.canStream }

  func setRing(
    _ ring: RingPlan.Room?, report: @escaping @Sendable (RingPass) -> Void
  ) async throws {
    let start = ContinuousClock.now
    let (name, observer) = (name, observer)
    try await pages.setRing(ring) { pass in
      report(pass)
      observer?(
        PoolTransfer(
          model: name, kind: .stream(waited: pass.waited), bytes: pass.bytes, start: pass.start,
          end: pass.end))
    }
    let bytes = ring?.byteCount ?? 0
    let before = ringBytes.exchange(bytes, ordering: .relaxed)
    tell(.departure, before, since: start)
    tell(.ring, bytes, since: start)
  }

  func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int] {
    let start = ContinuousClock.now
    let came = try await pages.bring(segments, control: control, started: started)
    tell(.arrival(firstPage: control.firstPage), bytes(of: came), since: start)
    return came
  }

  func giveUp(_ segments: [Int]) async throws {
    let start = ContinuousClock.now
    try await pages.giveUp(segments)
    tell(.departure, bytes(of: segments), since: start)
  }

  func writeBack() async -> WriteBack {
    let start = ContinuousClock.now
    let written = await pages.writeBack()
    tell(.writeBack, written.bytes, since: start)
    return written
  }

  func reportReturns(_ report: @escaping @Sendable (StateReturn) -> Void) {
    pages.reportReturns { [name, observer] come in
      report(come)
      observer?(
        PoolTransfer(
          model: name, kind: .bringBack, bytes: come.bytes, start: come.start, end: come.end))
    }
  }

  private func bytes(of segments: [Int]) -> Int { segments.reduce(0) { $0 + segmentBytes[$1] } }

  private func tell(
    _ kind: PoolTransfer.Kind, _ bytes: Int, since start: ContinuousClock.Instant
  ) {
    guard let observer, bytes > 0 else { return }
    observer(PoolTransfer(model: name, kind: kind, bytes: bytes, start: start, end: .now))
  }
}
