/// Copies bytes between two devices: directly where they reach each other, else through host memory.
package struct DeviceBridge: Sendable {
  private let source: DeviceContext
  private let target: DeviceContext
  private let stagingByteCount: Int

  /// A bridge on which at most `stagingByteCount` > 0 bytes lie between the devices at a time.
  package init(
    from source: DeviceContext, to target: DeviceContext, stagingByteCount: Int = 4 << 20
  ) {
    self.source = source
    self.target = target
    self.stagingByteCount = stagingByteCount
  }

  /// Copies and waits; nothing else uses the bytes meanwhile. After an error too no copy is under way.
  package func copy(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    do {
      try copyAndWait(bytes, to: place)
    } catch {
      settle()
      throw error
    }
  }

  /// Waits for what was queued; its failure is reported already.
  private func settle() {
    try? source.download.synchronize()
    try? target.upload.synchronize()
  }

  private func copyAndWait(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    if let host = bytes.hostBytes {
      try target.upload.upload(host, to: place)
      try target.upload.synchronize()
    } else if let host = place.mutableHostBytes {
      try source.download.download(bytes, to: host)
      try source.download.synchronize()
    } else if target.backend.copiesDirectly(with: source.device) {
      try target.upload.copy(bytes, to: place)
      try target.upload.synchronize()
    } else {
      try copyStaged(bytes, to: place)
    }
  }

  private func copyStaged(_ bytes: BufferView, to place: BufferView) throws(DeviceError) {
    let staging = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(stagingByteCount, bytes.byteCount), alignment: 4096)
    defer {
      settle()
      staging.deallocate()
    }
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
