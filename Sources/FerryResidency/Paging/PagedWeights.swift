package import FerryDevices
package import FerryTensors
import Synchronization

/// The weights of one model on a device, of which any part may be there: the implementation of ``WeightAccess``
/// that a pool manages.
///
/// They come and go in pages: the segments that share a slab of device memory. The image on the host stays, is
/// immutable, and may be shared with other devices and with copies of the model. A step that reaches a page on its
/// way waits for that page alone, so that a pass begins when the first page is there.
package final class PagedWeights: WeightAccess {
  package let layout: WeightLayout
  package let context: DeviceContext
  let mover: Mover
  let parts: PartTable
  let slabs: [Slab]
  let pageLimit: Int
  let table: PageTable
  let gate = StepGate()
  /// The thread that copies; steps run on the device's own.
  let thread = DeviceWorker()
  private let hostImage: Mutex<WeightImage>
  private let openRing = Mutex<PageRing?>(nil)
  private let course = StepCourse()
  let states = PagedStates()
  let returnReport = Mutex<(@Sendable (StateReturn) -> Void)?>(nil)
  /// Whether pages that came are compared with the host's bytes, by checksums computed where they lie.
  let verifies: Bool
  /// The checksums of the host's segments, once they are known.
  let knownChecksums = Mutex<[Int: UInt64]>([:])

  /// Pages are no larger than this, but for a segment that is: a quarter of what is moved at once elsewhere, so
  /// that little more is evicted than another model lacks.
  package static let pageByteCount = 64 << 20

  /// Weights of which nothing is on the device yet.
  ///
  /// - Parameters:
  ///   - image: The whole image on the host.
  ///   - verifies: Whether every page that came is compared with the host's bytes.
  package init(
    _ image: WeightImage, on context: DeviceContext, mover: Mover,
    pageByteCount: Int = PagedWeights.pageByteCount, verifies: Bool = false
  ) {
    self.verifies = verifies
    precondition(image.device == .cpu && image.isComplete, "a whole image on the host")
    layout = image.layout
    self.context = context
    self.mover = mover
    parts = PartTable(layout)
    pageLimit = Self.pageLimit(pageByteCount, on: context)
    slabs = layout.slabs(limit: pageLimit)
    table = PageTable(layout, slabs: slabs, device: context.device)
    hostImage = Mutex(image)
  }

  /// The size of pages that suits a budget: a 64th of it, so that a change of models moves little more than is
  /// missing; no larger than others are, and not so small that what a device adds to each weighs.
  ///
  /// - Parameter granularity: The bytes of which a device gives memory in multiples.
  package static func pageByteCount(within budget: Int, granularity: Int = 1) -> Int {
    min(pageByteCount, max(budget / 64, 1 << 20, 8 * granularity))
  }

  private static func pageLimit(_ pageByteCount: Int, on context: DeviceContext) -> Int {
    min(pageByteCount, context.backend.limits.maximumAllocation)
  }

  /// What each page of weights takes on a device, in the order the forward pass needs them.
  package static func pages(
    of layout: WeightLayout, on context: DeviceContext,
    pageByteCount: Int = PagedWeights.pageByteCount
  ) -> [Int] {
    layout.slabs(limit: pageLimit(pageByteCount, on: context)).map {
      deviceBytes(of: $0, on: context)
    }
  }

  static func deviceBytes(of slab: Slab, on context: DeviceContext) -> Int {
    let step = context.backend.reservations?.granularity ?? 1
    return (max(1, slab.imageRange.count) + step - 1) / step * step
  }

  package var device: Device { context.device }

  /// The image on the host: mapped at first, in memory registered with the device's driver once all of it has
  /// been moved and that was granted.
  var image: WeightImage {
    get { hostImage.withLock { $0 } }
    set { hostImage.withLock { $0 = newValue } }
  }

  /// The ring that absent pages go through, where the model runs with absent pages.
  var ring: PageRing? {
    get { openRing.withLock { $0 } }
    set { openRing.withLock { $0 = newValue } }
  }

  /// How the host holds the weights.
  package var hostStorage: WeightImage.Storage { image.storage }
}

// MARK: - Steps

extension PagedWeights {
  package func withStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value {
    try await gate.enter(.step)
    defer { gate.leave(.step) }
    do {
      let value = try await context.worker.run { [self] in try run(body) }
      await ringClock?.settle()
      return value
    } catch {
      await ringClock?.settle()
      throw error
    }
  }

  private func run<Value>(_ body: (any WeightStep) throws -> Value) throws -> Value {
    let ring = ring
    if ring != nil { try image.checkFilesUnchanged() }
    course.begin()
    ring?.begin()
    defer { ring?.end() }
    return try body(CurrentStep(weights: self, ring: ring))
  }

  /// Tells of steps that are over; the ring itself is held by its weights alone.
  private var ringClock: RingClock? { openRing.withLock { $0?.clock } }

  /// How many passes steps have made through the weights.
  package var passCount: Int { course.passCount }

  /// A step, which keeps pages from being taken away.
  private struct CurrentStep: WeightStep, Sendable {
    let weights: PagedWeights
    let ring: PageRing?

    var context: DeviceContext { weights.context }
    var keepsSegments: Bool { ring == nil }

    func acquire(segment: Int) throws -> ResidentSegment {
      let page = weights.table.page(ofSegment: segment)
      weights.course.reach(segment, of: weights.layout.segments.count)
      guard let (found, arrival) = try weights.table.segment(segment) else {
        if let ring { return try ring.segment(segment, ofPage: page) }
        throw ResidencyError(
          .absent,
          "'\(weights.layout.segments[segment].name)' is not on \(weights.device); use the model inside "
            + "withModel of its pool")
      }
      try ring?.pass(to: page)
      if let arrival { try context.compute.wait(for: arrival) }
      return found
    }

    func recall(_ state: any AttachedState) throws { try weights.recall(state) }
  }
}
