import Synchronization

extension DeviceContext {
  /// Waits for all queued work, gives back to the driver what was released before, and reports the
  /// first failure of that work.
  public func drain() throws(DeviceError) {
    var failure: DeviceError?
    for stream in streams {
      do throws(DeviceError) {
        try stream.synchronize()
      } catch {
        failure = failure ?? error
      }
    }
    collect()
    if let failure { throw failure }
  }

  /// Gives retained memory back to the driver.
  public func trim() {
    guard backend.limits.freesInOrder else {
      ledger.withLock { $0.retire($0.takeRetained()) }
      return collect()
    }
    for entry in ledger.withLock({ $0.takeRetained() }) {
      backend.free(entry.handle, byteCount: entry.byteCount)
    }
  }

  var streams: [any DeviceStream] { [upload, compute, download] }

  /// The points the streams are at now.
  func marks() -> [any DeviceEvent] { streams.compactMap { try? $0.record() } }

  /// The end of an ``Allocation``, on whatever thread that happens.
  func takeBack(_ handle: DeviceHandle, byteCount: Int, retain: Bool) {
    if !retain && backend.limits.freesInOrder {
      backend.free(handle, byteCount: byteCount)
      ledger.withLock { $0.inUse -= byteCount }
      return
    }
    let entry = ReleasedMemory(handle: handle, byteCount: byteCount, events: marks())
    ledger.withLock { ledger in
      ledger.inUse -= byteCount
      if retain { ledger.retain(entry) } else { ledger.retire([entry]) }
    }
    if !retain { collect() }
  }

  /// Frees what no stream can still be using.
  func collect() {
    for entry in ledger.withLock({ $0.takePassed() }) {
      backend.free(entry.handle, byteCount: entry.byteCount)
      ledger.withLock { $0.inUse -= entry.byteCount }
    }
  }
}
