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
    let free = ledger.withLock { ledger in
      let entries = ledger.takeRetained()
      ledger.retire(entries.filter { !freesAtOnce($0.memory) })
      return entries.filter { freesAtOnce($0.memory) }
    }
    for entry in free { entry.memory.giveBack(to: backend, byteCount: entry.byteCount) }
    collect()
  }

  var streams: [any DeviceStream] { [upload, compute, download] }

  /// The points the streams are at now; a stream that cannot mark one is waited for instead.
  func marks() -> [any DeviceEvent] {
    streams.compactMap { stream in
      do throws(DeviceError) {
        return try stream.record()
      } catch {
        try? stream.synchronize()
        return nil
      }
    }
  }

  /// The end of an ``Allocation``, on whatever thread that happens.
  func takeBack(_ memory: DriverMemory, byteCount: Int, retain: Bool) {
    if !retain && freesAtOnce(memory) {
      memory.giveBack(to: backend, byteCount: byteCount)
      ledger.withLock { $0.inUse -= byteCount }
      return
    }
    let entry = ReleasedMemory(memory: memory, byteCount: byteCount, events: marks())
    ledger.withLock { ledger in
      ledger.inUse -= byteCount
      if retain { ledger.retain(entry) } else { ledger.retire([entry]) }
      memory.addresses?.vacate()
    }
    if !retain { collect() }
  }

  /// Frees what no stream can still be using.
  func collect() {
    for entry in ledger.withLock({ $0.takePassed() }) {
      entry.memory.giveBack(to: backend, byteCount: entry.byteCount)
      ledger.withLock { $0.inUse -= entry.byteCount }
    }
  }

  /// Whether the driver itself keeps memory until queued work is done with it. Taking memory from
  /// behind addresses never waits.
  private func freesAtOnce(_ memory: DriverMemory) -> Bool {
    memory.addresses == nil && backend.limits.freesInOrder
  }
}
