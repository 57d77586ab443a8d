import FerryDevices
import FerryTensors

/// Copies an image into device memory, chunk by chunk.
///
/// Bytes that the driver can copy from where they are go directly: memory that is registered or need
/// not be, and devices that reach each other. The others are brought into staging memory, or into
/// a host image that is to stay, by threads that run ahead of the link.
struct UploadTransfer {
  private let source: ImageSource
  private let context: DeviceContext
  private let parts: PartTable
  private let limits: StagingLimits
  private let watch: MoveWatch
  let chunks: [TransferChunk]
  private let ways: [Way]
  private let lanes: HostLanes
  private var underWay = ChunksUnderWay()
  private var completed = 0
  /// How many chunks with a lane have arrived.
  private var finished = 0

  /// How a chunk gets to the device.
  private enum Way {
    case direct(UnsafeRawBufferPointer)
    case peer([ImagePiece])
    /// By way of host memory, as the n-th that does.
    case lane(Int)
  }

  /// An upload of these chunks, in image order, to `context`, on whose way the image is registered by `pinning`, and filled where that
  /// makes memory for it.
  init(
    _ source: ImageSource, chunks: [TransferChunk], to context: DeviceContext,
    pinning: HostPinning?, parts: PartTable, mover: Mover, watch: MoveWatch
  ) {
    self.source = source
    self.context = context
    self.parts = parts
    self.limits = mover.staging
    self.watch = watch
    self.chunks = chunks
    var ranges: [Range<Int>] = []
    var ways: [Way] = []
    for chunk in chunks {
      if let way = Self.straightWay(chunk, from: source, to: context) {
        ways.append(way)
      } else {
        ways.append(.lane(ranges.count))
        ranges.append(chunk.imageRange)
      }
    }
    self.ways = ways
    lanes = HostLanes(
      pinning: pinning, ring: StagingRing(mover.stagingPool, for: context), ranges: ranges)
  }

  private static func straightWay(
    _ chunk: TransferChunk, from source: ImageSource, to context: DeviceContext
  ) -> Way? {
    if let device = source.device {
      let isPeer = context.backend.copiesDirectly(with: device.device)
      return isPeer ? .peer(source.pieces(of: chunk.imageRange)) : nil
    }
    guard let view = source.view(of: chunk.imageRange),
      context.backend.pinning == nil || view.isPinnedInOnePiece
    else { return nil }
    return view.hostBytes.map { .direct($0) }
  }

  /// Copies everything. After an error no thread reads any more, but some copies may still be under
  /// way, and this value must live until both contexts' copy streams have been synchronised.
  ///
  /// - Parameter goesOn: Called with the number of each chunk whose copy has begun, and the event at which it
  ///   will have arrived; where it answers false, the chunks that follow are left.
  mutating func run(
    goesOn: (_ chunk: Int, _ arrival: any DeviceEvent) -> Bool = { _, _ in true }
  ) throws {
    let readers = readers()
    defer { readers.stop() }
    do {
      allowAhead(readers)
      for number in chunks.indices {
        try watch.checkCancellation()
        while underWay.count >= depth { try finishOldest(readers) }
        guard goesOn(number, try start(chunks[number], ways[number], readers)) else { break }
      }
      while underWay.count > 0 { try finishOldest(readers) }
      try watch.checkCancellation()
    } catch {
      lanes.pinning?.stop()
      throw error
    }
  }

  /// Threads that bring chunks to their lanes.
  private func readers() -> WorkAhead {
    let (source, lanes) = (source, lanes)
    let count = lanes.ranges.count
    return WorkAhead(count: count, threads: count > 1 ? limits.readerCount : 0) { number in
      let place = try lanes.place(ofChunk: number)
      guard !place.isFilled, let bytes = place.view.mutableHostBytes else { return }
      try source.read(lanes.ranges[number], into: bytes)?.wait()
    }
  }

  private var depth: Int { lanes.ranges.isEmpty ? StagingLimits.directDepth : limits.depth }

  private mutating func start(_ chunk: TransferChunk, _ way: Way, _ readers: WorkAhead) throws
    -> any DeviceEvent
  {
    var hasLane = false
    switch way {
    case .direct(let bytes): try context.upload.upload(bytes, to: chunk.view)
    case .peer(let pieces):
      for piece in pieces {
        let target = chunk.view[piece.offset, count: piece.view.byteCount]
        try context.upload.copy(piece.view, to: target)
      }
    case .lane(let number):
      try lanes.wait(forChunk: number)
      try readers.wait(for: number)
      guard let bytes = try lanes.place(ofChunk: number).view.hostBytes else {
        preconditionFailure("host memory")
      }
      try context.upload.upload(bytes, to: chunk.view)
      hasLane = true
    }
    let event = try context.upload.record()
    underWay.start(
      ChunksUnderWay.Chunk(
        event: event, byteCount: parts.byteCount(in: chunk.imageRange),
        hasLane: hasLane))
    return event
  }

  private mutating func finishOldest(_ readers: WorkAhead) throws {
    let chunk = try underWay.finishOldest()
    completed += chunk.byteCount
    watch.report(.copying, completed, of: parts.byteCount)
    guard chunk.hasLane else { return }
    finished += 1
    allowAhead(readers)
  }

  /// Lets the readers fill what the lanes have room for.
  private func allowAhead(_ readers: WorkAhead) {
    readers.allow(upTo: finished + lanes.ring.chunkCount)
  }
}
