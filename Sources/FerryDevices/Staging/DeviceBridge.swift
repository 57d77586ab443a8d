/// Copies bytes between two devices, of which one may be the host: directly where a driver reaches them,
/// else by way of staging memory, which is registered where a device gains from that.
///
/// One thread at a time uses it.
public struct DeviceBridge: Sendable {
  /// Where the bytes are.
  public let source: DeviceContext
  /// Where they are copied to.
  public let target: DeviceContext
  private let ring: StagingRing
  private let pieceByteCount: Int
  private let room: HostRoom?

  /// While one piece arrives in staging memory the one before leaves it.
  private static let pieceCount = 2
  /// The driver takes so few bytes of any memory at once.
  private static let smallByteCount = 64 << 10

  /// A bridge whose staging memory is from `pool`, once it is needed, for the life of the bridge; where it ends on the
  /// host, there is `room` for what comes, or as much as the system gives.
  package init(
    from source: DeviceContext, to target: DeviceContext, by pool: StagingPool,
    room: HostRoom? = nil
  ) {
    self.source = source
    self.target = target
    self.room = room
    ring = StagingRing(
      pool, for: target.backend.pinning == nil ? source : target,
      chunkCount: min(Self.pieceCount, pool.limits.chunkCount))
    pieceByteCount = pool.limits.chunkByteCount
  }

  /// Copies and waits; nothing else uses the bytes meanwhile. After an error too no copy is under way.
  public func copy(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    do throws(DeviceError) {
      if isDirect(bytes, place) {
        try copyDirectly(bytes, to: place)
      } else {
        try copyStaged(bytes, to: place)
      }
      try source.download.synchronize()
      try target.upload.synchronize()
    } catch {
      try? source.download.synchronize()
      try? target.upload.synchronize()
      throw error
    }
  }

  /// Memory of these sizes at the end of a bridge from a device to the host, to copy to in place; nil where the bridge
  /// leads elsewhere or has no room of its own: then memory is what its target allocates.
  package func hostMemory(byteCounts: [Int]) throws(DeviceError) -> [HostMemory]? {
    guard let room, target.device == .cpu, source.device != .cpu else { return nil }
    return try room.memory(byteCounts: byteCounts, of: target, for: source)
  }

  private func isDirect(_ bytes: BufferView, _ place: BufferView) -> Bool {
    switch (bytes.device == .cpu, place.device == .cpu) {
    case (true, true): true
    case (true, false): Self.isReached(bytes, by: target)
    case (false, true): Self.isReached(place, by: source)
    case (false, false): target.backend.copiesDirectly(with: source.device)
    }
  }

  /// Whether a device copies from and to host memory as fast as from anywhere.
  private static func isReached(_ host: BufferView, by context: DeviceContext) -> Bool {
    context.backend.pinning == nil || host.isPinnedInOnePiece || host.byteCount <= smallByteCount
  }

  private func copyDirectly(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    if let host = bytes.hostBytes {
      try target.upload.upload(host, to: place)
    } else if let host = place.mutableHostBytes {
      try source.download.download(bytes, to: host)
    } else {
      try target.upload.copy(bytes, to: place)
    }
  }

  private func copyStaged(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    var leaving: [any DeviceEvent] = []
    let starts = stride(from: 0, to: bytes.byteCount, by: pieceByteCount)
    for (number, start) in starts.enumerated() {
      if number >= ring.chunkCount { try leaving[number - ring.chunkCount].wait() }
      let count = min(pieceByteCount, bytes.byteCount - start)
      let piece = try ring.memory(ofChunk: number, byteCount: count)
      try bring(bytes[start, count: count], to: piece)
      leaving.append(try take(piece, to: place[start, count: count]))
    }
  }

  /// Waits until the bytes are in staging memory.
  private func bring(_ bytes: BufferView, to piece: BufferView) throws(DeviceError) {
    guard let staging = piece.mutableHostBytes else { preconditionFailure("host memory") }
    if let host = bytes.hostBytes { return staging.copyMemory(from: host) }
    try source.download.download(bytes, to: staging)
    try source.download.synchronize()
  }

  /// Queues the way out of staging memory; the event tells when it may be used again.
  private func take(_ piece: BufferView, to place: BufferView) throws(DeviceError)
    -> any DeviceEvent
  {
    guard let staging = piece.hostBytes else { preconditionFailure("host memory") }
    if let host = place.mutableHostBytes {
      host.copyMemory(from: staging)
    } else {
      try target.upload.upload(staging, to: place)
    }
    return try target.upload.record()
  }
}
