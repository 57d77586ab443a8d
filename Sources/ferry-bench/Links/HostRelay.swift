import FerryDevices

/// Copies from one device to another by way of two pieces of host memory: one is filled while the other
/// travels on.
struct HostRelay {
  private let source: DeviceContext
  private let target: DeviceContext
  private let region: HostRegion
  private static let pieceByteCount = 16 << 20

  /// Host memory for the relay, registered where the source's driver registers any.
  init(from source: DeviceContext, to target: DeviceContext) async throws {
    (self.source, self.target) = (source, target)
    region = try HostRegion(byteCount: 2 * Self.pieceByteCount)
    try await region.populate(threads: 2)
    if let pinning = source.backend.pinning { try region.register(with: pinning) }
  }

  /// Copies, and waits.
  func copy(_ bytes: BufferView, to place: BufferView) throws {
    var travelling: [(any DeviceEvent)?] = [nil, nil]
    let starts = stride(from: 0, to: bytes.byteCount, by: Self.pieceByteCount)
    for (number, offset) in starts.enumerated() {
      let count = min(Self.pieceByteCount, bytes.byteCount - offset)
      let piece = piece(number % 2, count)
      try travelling[number % 2]?.wait()
      try source.download.download(bytes[offset, count: count], to: piece)
      try source.download.record().wait()
      try target.upload.upload(UnsafeRawBufferPointer(piece), to: place[offset, count: count])
      travelling[number % 2] = try target.upload.record()
    }
    try target.upload.synchronize()
  }

  private func piece(_ number: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
    let start = number * Self.pieceByteCount
    return UnsafeMutableRawBufferPointer(rebasing: region.bytes[start..<start + count])
  }
}
