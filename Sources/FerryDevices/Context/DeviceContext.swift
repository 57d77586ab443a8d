import Synchronization

/// A device in use by this process: its streams, its worker thread, and an exact account of its bytes.
///
/// Any thread may allocate, release, drain and trim at any time.
public final class DeviceContext: Sendable {
  /// The driver's side.
  public let backend: any DeviceBackend
  /// Kernels run here.
  public let compute: any DeviceStream
  /// Host-to-device copies run here, beside the kernels.
  public let upload: any DeviceStream
  /// Device-to-host copies run here.
  public let download: any DeviceStream
  /// The thread that talks to the driver.
  public let worker: DeviceWorker
  let ledger = Mutex(DeviceLedger())

  /// Opens a device.
  public init(_ backend: any DeviceBackend) throws(DeviceError) {
    self.backend = backend
    self.compute = try backend.makeStream()
    self.upload = try backend.makeStream()
    self.download = try backend.makeStream()
    self.worker = DeviceWorker()
  }

  deinit {
    for stream in streams { try? stream.synchronize() }
    for entry in ledger.withLock({ $0.takeAll() }) {
      entry.memory.giveBack(to: backend, byteCount: entry.byteCount)
    }
  }

  /// The device's name.
  public var device: Device { backend.device }

  /// Bytes that allocations hold now, retained ones not counted.
  ///
  /// Where the driver needs released memory kept until its streams have passed, that memory counts
  /// until then; see ``drain()``.
  public var bytesInUse: Int { ledger.withLock { $0.inUse } }

  /// Bytes that this context holds of the device: those in use, and those retained.
  public var bytesHeld: Int { ledger.withLock { $0.inUse + $0.retainedBytes } }

  /// Bytes kept for the next allocation (see ``Allocation/retains``).
  public var bytesRetained: Int { ledger.withLock { $0.retainedBytes } }

  /// Allocates `byteCount` > 0 bytes, from what is retained if an allocation of that size is there.
  ///
  /// The contents are undefined. May wait: for the streams to pass the last use of retained memory,
  /// and, when memory is short, for everything queued.
  public func allocate(byteCount: Int) throws(DeviceError) -> Allocation {
    precondition(byteCount > 0, "an allocation has at least one byte")
    if let (handle, events) = ledger.withLock({ $0.reuse(byteCount) }) {
      // Not a failure of this allocation if what was queued before failed: its stream reports that.
      for event in events { try? event.wait() }
      return Allocation(context: self, handle: handle, byteCount: byteCount, isReused: true)
    }
    ledger.withLock { $0.inUse += byteCount }
    do {
      let handle = try allocateFromDriver(byteCount)
      return Allocation(context: self, handle: handle, byteCount: byteCount, isReused: false)
    } catch {
      ledger.withLock { $0.inUse -= byteCount }
      throw error
    }
  }

  private func allocateFromDriver(_ byteCount: Int) throws(DeviceError) -> DeviceHandle {
    guard byteCount <= backend.limits.maximumAllocation else {
      let sizes = ByteCount.spelled(backend.limits.maximumAllocation, byteCount)
      throw DeviceError(
        .allocationTooLarge,
        "\(device) allows no allocation above \(sizes[0]); \(sizes[1]) were asked for")
    }
    return try makingRoom { () throws(DeviceError) in
      try backend.allocate(byteCount: byteCount)
    }
  }

  /// Asks the driver for memory, and once more after retained and released memory went back to it.
  func makingRoom<Value>(_ ask: () throws(DeviceError) -> Value) throws(DeviceError) -> Value {
    collect()
    do {
      return try ask()
    } catch {
      guard error.code == .outOfMemory else { throw error }
      trim()
      for event in marks() { try? event.wait() }
      collect()
      return try ask()
    }
  }
}
