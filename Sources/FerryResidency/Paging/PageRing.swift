import FerryDevices
import FerryTensors

/// Device memory that the absent pages of a model go through, in the order of the forward pass: while one is
/// used, the next are on their way.
///
///     pass      │ 0 │ 1 │ 2 │ 3 │ 4 │ 5 │ 0 …      pages 0 and 1 are resident
///     slots     │ 2 → 4 → 2 …   │ 3 → 5 → 3 …
///
/// A page that is overwritten has been used: the copy waits for what was queued on it. After the last page
/// the first absent one follows, for a pass is followed by another.
///
/// `@unchecked Sendable`: only the thread of the device's steps uses it.
final class PageRing: @unchecked Sendable {
  /// One to be used, one arriving and one whose last use is still queued.
  private static let slotCount = 3

  private struct Slot {
    let memory: Allocation
    var page: Int?
    var arrival: (any DeviceEvent)?
    var lastUse: (any DeviceEvent)?
  }

  /// Whose pages they are; every step holds them.
  private unowned let weights: PagedWeights
  private let context: DeviceContext
  private let source: ImageSource
  private let staging: StagingRing
  private var stagedCopies: [any DeviceEvent] = []
  private var slots: [Slot] = []
  /// The page in use.
  private var current: Int?
  /// The segments of the page in use.
  private var image: WeightImage

  /// What a ring takes of a device.
  static func byteCount(pageBytes: [Int]) -> Int {
    min(slotCount, pageBytes.count) * (pageBytes.max() ?? 0)
  }

  /// A ring for the pages of some weights that are absent.
  init(_ weights: PagedWeights) throws {
    self.weights = weights
    context = weights.context
    source = ImageSource(weights.image, on: weights.mover.host, parts: weights.parts)
    staging = StagingRing(weights.mover.stagingPool, for: context)
    image = WeightImage(empty: weights.layout, device: context.device, storage: .device)
    let byteCount = max(1, weights.slabs.map(\.imageRange.count).max() ?? 0)
    for _ in 0..<min(Self.slotCount, weights.slabs.count) {
      slots.append(Slot(memory: try context.allocate(byteCount: byteCount)))
    }
  }

  /// Copies may be under way still; they end before their memory goes.
  deinit { try? context.upload.synchronize() }

  /// A segment of an absent page; what is queued from now on finds it there.
  func segment(_ segment: Int, ofPage page: Int) throws -> ResidentSegment {
    try pass(to: page)
    guard let slot = slots.firstIndex(where: { $0.page == page }), let arrival = slots[slot].arrival
    else { preconditionFailure("a page that is used is in the ring") }
    try context.compute.wait(for: arrival)
    let range = weights.layout.segments[segment].imageRange
    let start = range.lowerBound - weights.slabs[page].imageRange.lowerBound
    let view = slots[slot].memory.view[start, count: range.count]
    image.set(.assembled(view), segment: segment)
    defer { image.set(nil, segment: segment) }
    guard let found = image.resident(segment: segment) else { preconditionFailure("it was set") }
    return found
  }

  /// A pass is at this page, resident or not: those that it needs next are sent for.
  func pass(to page: Int) throws {
    if let current, current != page, let slot = slots.firstIndex(where: { $0.page == current }) {
      slots[slot].lastUse = try context.compute.record()
    }
    current = page
    let window = absentPages(from: page)
    for page in window where !slots.contains(where: { $0.page == page }) {
      guard
        let slot = slots.firstIndex(where: { slot in
          slot.page.map { !window.contains($0) } ?? true
        })
      else { break }
      try fill(slot, with: page)
    }
  }

  /// The next absent pages of a pass that is at `page`, as many as the ring holds.
  private func absentPages(from page: Int) -> [Int] {
    let count = weights.slabs.count
    var window: [Int] = []
    for step in 0..<count where window.count < slots.count {
      let number = (page + step) % count
      if !weights.table.isHere(number) { window.append(number) }
    }
    return window
  }

  private func fill(_ number: Int, with page: Int) throws {
    slots[number].page = nil
    let upload = context.upload
    if let lastUse = slots[number].lastUse { try upload.wait(for: lastUse) }
    let place = ImageMemory.Place(slab: weights.slabs[page], memory: slots[number].memory)
    let mover = weights.mover
    for chunk in place.chunks(
      of: mover.staging.chunkByteCount, within: mover.pins.pieceByteCount)
    {
      try copy(chunk)
    }
    slots[number].arrival = try upload.record()
    slots[number].lastUse = nil
    slots[number].page = page
  }

  private func copy(_ chunk: TransferChunk) throws {
    if let view = source.view(of: chunk.imageRange), let bytes = view.hostBytes,
      context.backend.pinning == nil || view.isPinnedInOnePiece
    {
      return try context.upload.upload(bytes, to: chunk.view)
    }
    let number = stagedCopies.count
    if number >= staging.chunkCount { try stagedCopies[number - staging.chunkCount].wait() }
    let lane = try staging.memory(ofChunk: number, byteCount: chunk.imageRange.count)
    guard let bytes = lane.mutableHostBytes else { preconditionFailure("host memory") }
    try source.read(chunk.imageRange, into: bytes)?.wait()
    try context.upload.upload(UnsafeRawBufferPointer(bytes), to: chunk.view)
    stagedCopies.append(try context.upload.record())
  }
}
