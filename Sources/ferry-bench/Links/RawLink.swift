import FerryDevices

/// The raw rates of a link in bytes a second, measured here and now: what moves are held against.
struct RawLink {
  let upload: Double
  let download: Double
  /// Whether the host's memory was registered; else the rates are those of plain memory.
  let isPinned: Bool

  /// One large copy each way from memory that is registered where the driver registers any.
  static func measure(_ open: OpenDevice) async throws -> RawLink {
    let copies = try await RawCopies(open, pinned: open.backend.pinning != nil)
    let rate = { (seconds: Double) in Double(copies.byteCount) / seconds }
    return RawLink(
      upload: rate(try copies.upload()), download: rate(try copies.download()),
      isPinned: open.backend.pinning != nil)
  }

  /// What the memory is called in figures.
  var memory: String { isPinned ? "pinned" : "pageable" }
}

/// Plain copies of one piece of memory through the streams of a device.
struct RawCopies {
  private let context: DeviceContext
  private let region: HostRegion
  private let target: Allocation
  private static let rounds = 5

  /// Memory on both ends.
  init(_ open: OpenDevice, pinned: Bool) async throws {
    let maximum = open.backend.limits.maximumAllocation / (2 << 20) * (2 << 20)
    let byteCount = min(open.scale.copyByteCount, maximum)
    context = open.context
    region = try HostRegion(byteCount: byteCount)
    try await region.populate(threads: Machine.current.cores)
    if pinned, let pinning = open.backend.pinning { try region.register(with: pinning) }
    target = try context.allocate(byteCount: byteCount)
  }

  var byteCount: Int { region.bytes.count }

  /// Seconds of the best of some uploads.
  func upload() throws -> Double {
    try Stopwatch.best(of: Self.rounds) {
      try startUpload()
      try context.upload.synchronize()
    }
  }

  /// Seconds of the best of some downloads.
  func download() throws -> Double {
    try Stopwatch.best(of: Self.rounds) {
      try startDownload()
      try context.download.synchronize()
    }
  }

  /// Seconds of the best of some uploads in pieces, all of which are queued at once.
  func upload(inPiecesOf piece: Int) throws -> Double {
    try Stopwatch.best(of: Self.rounds) {
      for offset in stride(from: 0, to: byteCount, by: piece) {
        let count = min(piece, byteCount - offset)
        let source = UnsafeRawBufferPointer(rebasing: region.bytes[offset..<offset + count])
        try context.upload.upload(source, to: target.view[offset, count: count])
      }
      try context.upload.synchronize()
    }
  }

  /// Seconds of the best of some pairs of an upload and, at the same time, a download of other bytes.
  func duplex(with other: RawCopies) throws -> Double {
    try Stopwatch.best(of: Self.rounds) {
      try startUpload()
      try other.startDownload()
      try context.upload.synchronize()
      try context.download.synchronize()
    }
  }

  private func startUpload() throws {
    try context.upload.upload(UnsafeRawBufferPointer(region.bytes), to: target.view)
  }

  private func startDownload() throws {
    try context.download.download(target.view, to: region.bytes)
  }
}
