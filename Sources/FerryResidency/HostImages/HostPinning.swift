import FerryDevices
import FerryTensors
import Synchronization

/// A host image on its way into registered memory: threads make and register one region after the other,
/// while the bytes of those before are read from files and copied to a device, or arrive from one.
///
///     regions    │ 0 registered │ 1 registered │ 2 being made │ 3 being made │ 4 …
///     chunks     │ │ │ │ uploaded    │ │ read ahead  │ wait for their region
///
/// Where the system or the driver refuses a region, no later one is begun: what is registered by then is
/// part of the host image, and the rest stays as it was and goes through the staging ring.
///
/// - Note: *Who owns a host image.* A ``Placement`` has the image; the views in the image own the
///   ``PinnedHostMemory`` they lie in, of which ``HostPins`` knows each piece once; and that owns its
///   registration, its share of the ``PinnedBudget``, and its ``Allocation`` in the account of the host.
///   Whoever lets the last view go gives all four back. Before a move has succeeded the regions are
///   owned here.
final class HostPinning: Sendable {
  private let image: WeightImage
  private let regions: [HostRegion]
  private let progress: HostPinningProgress
  private let threads: WorkAhead

  /// Bytes of the image in registered memory.
  struct Place {
    let view: BufferView
    /// Whether they are there already; else they are to be put there.
    let isFilled: Bool
  }

  /// How many regions are made at a time: drivers register in few threads as fast as in many.
  private static let threadLimit = 4

  /// Begins to register an image of the host for copies from and to `context`; nil where all of it
  /// is. Refuses what the budget has no room for before any memory is made.
  ///
  /// Memory that has to be made has the slabs of at most `slabLimit` bytes of the layout; no chunk goes across.
  init?(
    _ image: WeightImage, for context: DeviceContext, mover: Mover, slabLimit: Int? = nil
  ) throws(DeviceError) {
    guard image.storage != .pinned else { return nil }
    let regions = image.unpinnedRegions(
      slabLimit: slabLimit ?? ImageMemory.slabLimit(on: context))
    try mover.pins.budget.check(regions.absentByteCount)
    let progress = HostPinningProgress(count: regions.count)
    self.image = image
    self.regions = regions
    self.progress = progress
    let threadCount = min(Self.threadLimit, mover.staging.readerCount)
    threads = WorkAhead(count: regions.count, threads: regions.count > 1 ? threadCount : 0) {
      progress.make($0) { (number) throws(DeviceError) in
        try regions[number].pinned(for: context, mover: mover)
      }
    }
    threads.allow(upTo: regions.count)
  }

  /// Where these bytes of the image are in registered memory, or may be put, in one piece; nil where
  /// they are in none. Waits for their region.
  func place(of range: Range<Int>) throws -> Place? {
    guard let number = number(of: range) else { return nil }
    try threads.wait(for: number)
    guard let pin = progress.pin(number) else { return nil }
    let region = regions[number]
    let view = pin.view[
      region.offset + range.lowerBound - region.imageRange.lowerBound, count: range.count]
    guard view.isPinnedInOnePiece else {
      precondition(region.isPresent, "chunks do not lie across registrations")
      return nil
    }
    return Place(view: view, isFilled: region.isPresent)
  }

  /// Waits for the region of these bytes; what that takes counts as time that copies waited.
  func wait(for range: Range<Int>) throws {
    guard let number = number(of: range) else { return }
    try progress.whileWaiting { try threads.wait(for: number) }
  }

  /// Waits for all regions that were begun, which counts in the same way.
  func finish() throws {
    try progress.whileWaiting {
      for number in regions.indices { try threads.wait(for: number) }
    }
  }

  /// Ends it: regions that were not begun never are, and whoever waits for one gets an error.
  func stop() { threads.stop() }

  /// The region that holds all of `range`.
  private func number(of range: Range<Int>) -> Int? {
    var (low, high) = (0, regions.count)
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].imageRange.upperBound >= range.upperBound {
        high = middle
      } else {
        low = middle + 1
      }
    }
    guard low < regions.count, regions[low].imageRange.lowerBound <= range.lowerBound else {
      return nil
    }
    return low
  }
}

// MARK: - Outcome

extension HostPinning {
  /// Why some of the image is not registered.
  var failure: DeviceError? { progress.failure }

  /// Whether there is memory that was made and filled.
  var hasFilled: Bool {
    regions.indices.contains { !regions[$0].isPresent && progress.pin($0) != nil }
  }

  /// How long it took, and for how much of that the copies waited.
  var time: (all: Duration, waited: Duration) { progress.time }

  /// The image with all that is registered, once it is filled.
  var result: WeightImage {
    var places = image.places
    for (number, region) in regions.enumerated() {
      guard let pin = progress.pin(number) else { continue }
      // What was registered before is uploaded from where it was, and nothing fills its new place.
      for index in region.segments where !(places[index]?.isPinned ?? false) {
        let range = image.layout.segments[index].imageRange
        let start = region.offset + range.lowerBound - region.imageRange.lowerBound
        places[index] = .assembled(pin.view[start, count: range.count])
      }
    }
    let isPinned = places.allSatisfy { $0?.isPinned ?? false }
    var result = WeightImage(
      empty: image.layout, device: .cpu, storage: isPinned ? .pinned : image.storage)
    for (index, place) in places.enumerated() { result.set(place, segment: index) }
    return result
  }
}

extension HostRegion {
  fileprivate var isPresent: Bool {
    if case .present = memory { true } else { false }
  }

  /// Where the region begins in its memory.
  fileprivate var offset: Int {
    if case .present(_, let offset) = memory { offset } else { 0 }
  }

  /// The memory, registered.
  fileprivate func pinned(for context: DeviceContext, mover: Mover) throws(DeviceError)
    -> PinnedHostMemory
  {
    switch memory {
    case .present(let allocation, _): try mover.pins.pin(allocation, for: context)
    case .absent:
      try mover.pins.pin(
        mover.host.allocate(byteCount: byteCount, near: context), for: context)
    }
  }
}

extension [HostRegion] {
  fileprivate var absentByteCount: Int {
    reduce(0) { $0 + ($1.isPresent ? 0 : $1.byteCount) }
  }
}

extension SegmentPlace {
  fileprivate var isPinned: Bool {
    if case .assembled(let view) = self { view.isPinned } else { false }
  }
}
