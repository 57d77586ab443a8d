import FerryDevices
import FerryTensors

/// Copies an image from where it is into memory reserved elsewhere, chunk by chunk.
struct Transfer {
  let source: ImageSource
  let target: ImageMemory
  let context: DeviceContext
  let parts: PartTable
  let limits: StagingLimits
  let watch: MoveWatch
  private var ring: StagingRing
  private var completed = 0

  /// A copy into `target`, which is memory of `context`.
  init(
    _ source: ImageSource, into target: ImageMemory, on context: DeviceContext, parts: PartTable,
    mover: Mover, watch: MoveWatch
  ) {
    self.source = source
    self.target = target
    self.context = context
    self.parts = parts
    self.limits = mover.staging
    self.watch = watch
    self.ring = StagingRing(host: mover.host, limits: mover.staging)
  }

  /// Copies everything. After an error some copies may still be under way, and the memory of this
  /// value must live until both contexts' copy streams have been synchronised.
  mutating func run() throws {
    for place in target.slabs {
      let range = place.slab.imageRange
      for start in stride(from: range.lowerBound, to: range.upperBound, by: limits.chunkByteCount) {
        let chunk = start..<min(start + limits.chunkByteCount, range.upperBound)
        try watch.checkCancellation()
        if ring.isFull { try finishOldest() }
        try copy(chunk, to: place.memory.view[start - range.lowerBound, count: chunk.count])
      }
    }
    while !ring.isEmpty { try finishOldest() }
    try watch.checkCancellation()
  }

  private mutating func copy(_ chunk: Range<Int>, to view: BufferView) throws {
    let event =
      if let bytes = view.mutableHostBytes {
        try source.read(chunk, into: bytes)
      } else {
        try upload(chunk, to: view)
      }
    ring.start(byteCount: parts.byteCount(in: chunk), event: event)
  }

  private mutating func upload(_ chunk: Range<Int>, to view: BufferView) throws
    -> any DeviceEvent
  {
    if let bytes = source.hostBytes(chunk) {
      try context.upload.upload(bytes, to: view)
    } else {
      let bytes = try ring.bytes(chunk.count)
      try source.read(chunk, into: bytes)?.wait()
      try context.upload.upload(UnsafeRawBufferPointer(bytes), to: view)
    }
    return try context.upload.record()
  }

  private mutating func finishOldest() throws {
    completed += try ring.finishOldest()
    watch.report(.copying, completed, of: parts.byteCount)
  }
}
