import FerryDevices

/// Chunks of work under way, in order, and the host memory they travel through.
///
/// Memory is allocated when a chunk first needs it: moves that copy straight from or to host images
/// take none.
struct StagingRing {
  private let host: DeviceContext
  private let limits: StagingLimits
  private var memory: [Allocation?]
  private var underWay: [Chunk] = []
  private var next = 0

  /// A chunk whose copy was started.
  private struct Chunk {
    let event: (any DeviceEvent)?
    let byteCount: Int
  }

  init(host: DeviceContext, limits: StagingLimits) {
    self.host = host
    self.limits = limits
    self.memory = Array(repeating: nil, count: limits.chunkCount)
  }

  /// Whether no chunk is under way.
  var isEmpty: Bool { underWay.isEmpty }
  /// Whether another chunk must wait for the oldest.
  var isFull: Bool { underWay.count == limits.chunkCount }

  /// Host memory for the next chunk; the ring is not full.
  mutating func bytes(_ byteCount: Int) throws -> UnsafeMutableRawBufferPointer {
    precondition(!isFull && byteCount <= limits.chunkByteCount)
    let allocation = try memory[next] ?? host.allocate(byteCount: limits.chunkByteCount)
    memory[next] = allocation
    guard let bytes = allocation.view[0, count: byteCount].mutableHostBytes else {
      preconditionFailure("staging memory is host memory")
    }
    return bytes
  }

  /// Notes that the next chunk's copy was started and is done once `event` has passed.
  mutating func start(byteCount: Int, event: (any DeviceEvent)?) {
    underWay.append(Chunk(event: event, byteCount: byteCount))
    next = (next + 1) % limits.chunkCount
  }

  /// Waits for the oldest chunk and returns the bytes it counts for.
  mutating func finishOldest() throws -> Int {
    let chunk = underWay.removeFirst()
    try chunk.event?.wait()
    return chunk.byteCount
  }
}
