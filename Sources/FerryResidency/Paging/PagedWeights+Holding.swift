import FerryDevices
import FerryTensors

extension PagedWeights {
  /// Brings the image on the host from files into memory, before it is read again and again: registered with the
  /// device's driver where the budget and the system grant that; else pageable, where the host has memory to
  /// spare; else the files stay what is read.
  func holdOnHost(watch: MoveWatch) throws {
    guard context.backend.pinning != nil, image.storage != .pinned else { return }
    try image.checkFilesUnchanged()
    let held = try heldPinned(watch) ?? heldPageable(watch)
    try image.checkFilesUnchanged()
    if let held { image = held }
  }

  /// The same without registering, for an image that could not be; does nothing for one that is in memory, or where
  /// the device gains nothing from memory.
  func holdPageable(watch: MoveWatch) throws {
    guard context.backend.pinning != nil, image.storage == .mapped else { return }
    let held = try heldPageable(watch)
    try image.checkFilesUnchanged()
    if let held { image = held }
  }

  /// The image in registered memory, as far as that was granted; nil where nothing was.
  private func heldPinned(_ watch: MoveWatch) throws -> WeightImage? {
    guard
      let pinning = try? HostPinning(image, for: context, mover: mover, slabLimit: pageLimit)
    else { return nil }
    defer { pinning.stop() }
    let source = ImageSource(image, on: mover.host, parts: parts)
    try read(watch) { range in
      guard let place = try pinning.place(of: range), !place.isFilled,
        let bytes = place.view.mutableHostBytes
      else { return }
      try source.read(range, into: bytes)?.wait()
    }
    try pinning.finish()
    return pinning.failure == nil || pinning.hasFilled ? pinning.result : nil
  }

  /// The image in memory of this process; nil where the host has none to spare.
  private func heldPageable(_ watch: MoveWatch) throws -> WeightImage? {
    guard image.storage == .mapped,
      HostBudget.standard.grants(layout.imageByteCount, of: try? HostFigures.memory()),
      let memory = try? ImageMemory(reserving: layout, on: mover.host, slabLimit: pageLimit)
    else { return nil }
    let source = ImageSource(image, on: mover.host, parts: parts)
    let chunks = memory.chunks(
      of: mover.staging.chunkByteCount, within: mover.pins.pieceByteCount)
    let views = Dictionary(uniqueKeysWithValues: chunks.map { ($0.imageRange.lowerBound, $0.view) })
    try read(watch) { range in
      guard let bytes = views[range.lowerBound]?.mutableHostBytes else { return }
      try source.read(range, into: bytes)?.wait()
    }
    return memory.image
  }

  /// Calls `body` with every chunk of the image, on several threads.
  private func read(
    _ watch: MoveWatch, _ body: @escaping @Sendable (Range<Int>) throws -> Void
  ) throws {
    let (chunk, piece) = (mover.staging.chunkByteCount, mover.pins.pieceByteCount)
    let ranges = slabs.flatMap { $0.chunkRanges(of: chunk, within: piece) }
    let readers = WorkAhead(count: ranges.count, threads: mover.staging.readerCount) {
      try body(ranges[$0])
    }
    defer { readers.stop() }
    readers.allow(upTo: ranges.count)
    for number in ranges.indices {
      try watch.checkCancellation()
      try readers.wait(for: number)
    }
  }
}
