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
  /// What measures how long steps wait.
  let clock: RingClock
  /// When the step began, and the bytes that it sent for.
  private var step = (start: ContinuousClock.now, bytes: 0)
  /// The page in use.
  private var current: Int?
  /// The segments of the page in use.
  private var image: WeightImage

  /// A ring for the pages of some weights that are absent, none of them larger than a slot.
  init(
    _ weights: PagedWeights, _ room: RingPlan.Room, report: @escaping @Sendable (RingPass) -> Void
  ) throws {
    self.weights = weights
    context = weights.context
    source = ImageSource(weights.image, on: weights.mover.host, parts: weights.parts)
    staging = StagingRing(weights.mover.stagingPool, for: context)
    image = WeightImage(empty: weights.layout, device: context.device, storage: .device)
    clock = RingClock(report: report)
    for _ in 0..<room.slotCount {
      slots.append(Slot(memory: try context.allocate(byteCount: room.slotBytes)))
    }
  }

  /// Copies may be under way still; they end before their memory goes.
  deinit { try? context.upload.synchronize() }

  // MARK: steps

  /// A step begins.
  func begin() { step = (.now, 0) }

  /// A step is over.
  func end() {
    if step.bytes > 0 { clock.end(bytes: step.bytes, start: step.start) }
  }

  /// A segment of an absent page; what is queued from now on finds it there.
  func segment(_ segment: Int, ofPage page: Int) throws -> ResidentSegment {
    try pass(to: page)
    guard let slot = slots.firstIndex(where: { $0.page == page }) else {
      preconditionFailure("a page that is used is in the ring")
    }
    let range = weights.layout.segments[segment].imageRange
    let start = range.lowerBound - weights.slabs[page].imageRange.lowerBound
    let view = slots[slot].memory.view[start, count: range.count]
    image.set(.assembled(view), segment: segment)
    defer { image.set(nil, segment: segment) }
    guard let found = image.resident(segment: segment) else { preconditionFailure("it was set") }
    return found
  }

  /// A pass is at this page, resident or not: it waits for the page, and those that it needs next are sent for.
  func pass(to page: Int) throws {
    guard current != page else { return try wait(for: page) }
    let reached = try context.compute.record()
    if let current, let slot = slots.firstIndex(where: { $0.page == current }) {
      slots[slot].lastUse = reached
    }
    // Nowhere, should one of these fail: the next step asks again.
    current = nil
    clock.asked(reached)
    try sendForPages(from: page)
    try wait(for: page)
    clock.there(try context.compute.record())
    current = page
  }

  /// What is queued from now on comes after the arrival of this page, where it goes through the ring.
  private func wait(for page: Int) throws {
    guard let arrival = slots.first(where: { $0.page == page })?.arrival else { return }
    try context.compute.wait(for: arrival)
  }

  private func sendForPages(from page: Int) throws {
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
    step.bytes += weights.segmentBytes[page]
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
