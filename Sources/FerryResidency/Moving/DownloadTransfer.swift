import FerryDevices
import FerryTensors
import Synchronization

/// Copies an image into host memory, chunk by chunk.
///
/// The driver copies into memory that is registered, or need not be; else into staging memory, which
/// threads empty behind the link.
struct DownloadTransfer {
  private let source: ImageSource
  private let parts: PartTable
  private let limits: StagingLimits
  private let watch: MoveWatch
  private let chunks: [TransferChunk]
  /// nil where the driver copies to any memory alike.
  private let lanes: HostLanes?
  private var completed = 0

  /// A download into `target`, which is host memory that `pinning` registers meanwhile.
  init(
    _ source: ImageSource, into target: ImageMemory, pinning: HostPinning?, parts: PartTable,
    mover: Mover, watch: MoveWatch
  ) {
    self.source = source
    self.parts = parts
    self.limits = mover.staging
    self.watch = watch
    let chunks = target.chunks(of: limits.chunkByteCount, within: mover.pins.pieceByteCount)
    self.chunks = chunks
    lanes = source.device.flatMap { device in
      guard device.backend.pinning != nil else { return nil }
      return HostLanes(
        pinning: pinning, ring: StagingRing(mover.stagingPool, for: device),
        ranges: chunks.map(\.imageRange))
    }
  }

  /// Copies everything. After an error no thread copies any more, but some downloads may still be
  /// under way, and this value must live until the source's copy stream has been synchronised.
  mutating func run() throws {
    if let lanes { try run(through: lanes) } else { try runDirect() }
    try watch.checkCancellation()
  }

  private mutating func runDirect() throws {
    var underWay = ChunksUnderWay()
    for chunk in chunks {
      try watch.checkCancellation()
      if underWay.count == StagingLimits.directDepth { note(try underWay.finishOldest().byteCount) }
      underWay.start(
        ChunksUnderWay.Chunk(
          event: try source.read(chunk.imageRange, into: bytes(chunk.view)),
          byteCount: parts.byteCount(in: chunk.imageRange)))
    }
    while underWay.count > 0 { note(try underWay.finishOldest().byteCount) }
  }

  private mutating func run(through lanes: HostLanes) throws {
    let events = ChunkEvents(count: chunks.count)
    let copiers = copiers(lanes, events)
    defer { copiers.stop() }
    do {
      let depth = lanes.ring.chunkCount
      for (number, chunk) in chunks.enumerated() {
        try watch.checkCancellation()
        if number >= depth { try finish(number - depth, copiers) }
        try lanes.wait(forChunk: number)
        let place = try lanes.place(ofChunk: number)
        events[number] = try source.read(chunk.imageRange, into: bytes(place.view))
        copiers.allow(upTo: number + 1)
      }
      for number in max(0, chunks.count - depth)..<chunks.count { try finish(number, copiers) }
    } catch {
      lanes.pinning?.stop()
      throw error
    }
  }

  /// Threads that wait for chunks, and bring those in the ring to their places.
  private func copiers(_ lanes: HostLanes, _ events: ChunkEvents) -> WorkAhead {
    let chunks = chunks
    let threadCount = chunks.count > 1 ? limits.readerCount : 0
    return WorkAhead(count: chunks.count, threads: threadCount) { number in
      try events[number]?.wait()
      events[number] = nil
      guard try lanes.isStaged(number) else { return }
      guard let staged = try lanes.place(ofChunk: number).view.hostBytes else {
        preconditionFailure("host memory")
      }
      chunks[number].view.mutableHostBytes?.copyMemory(from: staged)
    }
  }

  private mutating func finish(_ number: Int, _ copiers: WorkAhead) throws {
    try copiers.wait(for: number)
    note(parts.byteCount(in: chunks[number].imageRange))
  }

  private mutating func note(_ byteCount: Int) {
    completed += byteCount
    watch.report(.copying, completed, of: parts.byteCount)
  }

  private func bytes(_ view: BufferView) -> UnsafeMutableRawBufferPointer {
    guard let bytes = view.mutableHostBytes else { preconditionFailure("host memory") }
    return bytes
  }
}

/// When the chunks that were downloaded are there.
private final class ChunkEvents: Sendable {
  private let events: Mutex<[(any DeviceEvent)?]>

  init(count: Int) { events = Mutex(Array(repeating: nil, count: count)) }

  subscript(number: Int) -> (any DeviceEvent)? {
    get { events.withLock { $0[number] } }
    set { events.withLock { $0[number] = newValue } }
  }
}
