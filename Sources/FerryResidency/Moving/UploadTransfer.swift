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
  private let chunks: [TransferChunk]
  private let ways: [Way]
  private let staged: [TransferChunk]
  private let lane: Lane
  private var underWay = ChunksUnderWay()
  private var completed = 0
  /// How many staged chunks have arrived.
  private var finished = 0

  /// How a chunk gets to the device.
  private enum Way {
    case direct(UnsafeRawBufferPointer)
    case peer([ImagePiece])
    /// By way of host memory, as the n-th that does.
    case staged(Int)
  }

  /// The host memory that staged chunks go through.
  fileprivate enum Lane: Sendable {
    case ring(StagingRing)
    /// The image that the host keeps, which has the same slabs; its chunks.
    case image([TransferChunk])
  }

  /// An upload to `context`; on the way `hostImage`, if there is one, becomes the image as well.
  init(
    _ source: ImageSource, into target: ImageMemory, on context: DeviceContext,
    by hostImage: ImageMemory?, parts: PartTable, mover: Mover, watch: MoveWatch
  ) {
    self.source = source
    self.context = context
    self.parts = parts
    self.limits = mover.staging
    self.watch = watch
    chunks = target.chunks(of: limits.chunkByteCount)
    var staged: [TransferChunk] = []
    var ways: [Way] = []
    for chunk in chunks {
      if hostImage == nil, let way = Self.straightWay(chunk, from: source, to: context) {
        ways.append(way)
      } else {
        ways.append(.staged(staged.count))
        staged.append(chunk)
      }
    }
    (self.ways, self.staged) = (ways, staged)
    lane =
      if let hostImage {
        .image(hostImage.chunks(of: limits.chunkByteCount))
      } else {
        .ring(
          StagingRing(mover.stagingPool, for: context, chunkCount: mover.staging.chunkCount))
      }
  }

  private static func straightWay(
    _ chunk: TransferChunk, from source: ImageSource, to context: DeviceContext
  ) -> Way? {
    if let device = source.device {
      let isPeer = context.backend.copiesDirectly(with: device.device)
      return isPeer ? .peer(source.pieces(of: chunk.imageRange)) : nil
    }
    guard source.isPinned || context.backend.pinning == nil else { return nil }
    return source.hostBytes(chunk.imageRange).map { .direct($0) }
  }

  /// Copies everything. After an error no thread reads any more, but some copies may still be under
  /// way, and this value must live until both contexts' copy streams have been synchronised.
  mutating func run() throws {
    let (source, staged, lane) = (source, staged, lane)
    let threadCount = staged.count > 1 ? limits.readerCount : 0
    let readers = WorkAhead(count: staged.count, threads: threadCount) { number in
      guard let bytes = lane.view(ofChunk: number, staged[number]).mutableHostBytes else {
        preconditionFailure("host memory")
      }
      try source.read(staged[number].imageRange, into: bytes)?.wait()
    }
    defer { readers.stop() }
    try allowAhead(readers)
    for (chunk, way) in zip(chunks, ways) {
      try watch.checkCancellation()
      while underWay.count >= depth { try finishOldest(readers) }
      try start(chunk, way, readers)
    }
    while underWay.count > 0 { try finishOldest(readers) }
    try watch.checkCancellation()
  }

  private var depth: Int { staged.isEmpty ? StagingLimits.directDepth : limits.depth }

  private mutating func start(_ chunk: TransferChunk, _ way: Way, _ readers: WorkAhead) throws {
    var isStaged = false
    switch way {
    case .direct(let bytes): try context.upload.upload(bytes, to: chunk.view)
    case .peer(let pieces):
      for piece in pieces {
        let target = chunk.view[piece.offset, count: piece.view.byteCount]
        try context.upload.copy(piece.view, to: target)
      }
    case .staged(let number):
      try readers.wait(for: number)
      guard let bytes = lane.view(ofChunk: number, chunk).hostBytes else {
        preconditionFailure("host memory")
      }
      try context.upload.upload(bytes, to: chunk.view)
      isStaged = true
    }
    underWay.start(
      ChunksUnderWay.Chunk(
        event: try context.upload.record(), byteCount: parts.byteCount(in: chunk.imageRange),
        isStaged: isStaged))
  }

  private mutating func finishOldest(_ readers: WorkAhead) throws {
    let chunk = try underWay.finishOldest()
    completed += chunk.byteCount
    watch.report(.copying, completed, of: parts.byteCount)
    guard chunk.isStaged else { return }
    finished += 1
    try allowAhead(readers)
  }

  /// Lets the readers fill what the staging memory has room for.
  private func allowAhead(_ readers: WorkAhead) throws {
    let end = min(finished + limits.chunkCount, staged.count)
    if case .ring(let ring) = lane { try ring.prepare(upTo: end) }
    readers.allow(upTo: end)
  }
}

extension UploadTransfer.Lane {
  /// Where the bytes of the n-th staged chunk lie on the host.
  fileprivate func view(ofChunk number: Int, _ chunk: TransferChunk) -> BufferView {
    switch self {
    case .ring(let ring): ring.memory(ofChunk: number, byteCount: chunk.imageRange.count)
    case .image(let chunks): chunks[number].view
    }
  }
}
