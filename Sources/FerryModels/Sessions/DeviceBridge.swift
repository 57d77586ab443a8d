import FerryDevices

/// Copies bytes between two devices through host memory.
struct DeviceBridge {
  /// The most bytes that lie between two devices at a time.
  static let stagingByteCount = 4 << 20

  private let source: DeviceContext
  private let target: DeviceContext

  init(from source: DeviceContext, to target: DeviceContext) {
    self.source = source
    self.target = target
  }

  /// Copies and waits; nothing else uses the bytes meanwhile.
  func copy(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    if let host = bytes.hostBytes {
      try target.upload.upload(host, to: place)
      try target.upload.synchronize()
    } else if let host = place.mutableHostBytes {
      try source.download.download(bytes, to: host)
      try source.download.synchronize()
    } else {
      try copyStaged(bytes, to: place)
    }
  }

  private func copyStaged(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    let staging = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(Self.stagingByteCount, bytes.byteCount), alignment: 4096)
    defer { staging.deallocate() }
    var offset = 0
    while offset < bytes.byteCount {
      let count = min(staging.count, bytes.byteCount - offset)
      let piece = UnsafeMutableRawBufferPointer(rebasing: staging[..<count])
      try source.download.download(bytes[offset, count: count], to: piece)
      try source.download.synchronize()
      try target.upload.upload(UnsafeRawBufferPointer(piece), to: place[offset, count: count])
      try target.upload.synchronize()
      offset += count
    }
  }
}
