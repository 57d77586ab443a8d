import Synchronization

/// A device in use by this process: its streams, its worker thread, and an exact account of its bytes.
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
  private let ledger = Mutex(Ledger())

  /// Opens a device.
  public init(_ backend: any DeviceBackend) throws(DeviceError) {
    self.backend = backend
    self.compute = try backend.makeStream()
    self.upload = try backend.makeStream()
    self.download = try backend.makeStream()
    self.worker = DeviceWorker()
  }

  /// The device's name.
  public var device: Device { backend.device }

  /// Bytes that allocations hold now, retained ones not counted.
  public var bytesInUse: Int { ledger.withLock { $0.inUse } }

  /// Bytes kept for the next allocation (see ``Allocation/retains``).
  public var bytesRetained: Int { ledger.withLock { $0.retainedBytes } }

  /// Allocates `byteCount` > 0 bytes, from what is retained if an allocation of that size is there.
  public func allocate(byteCount: Int) throws(DeviceError) -> Allocation {
    precondition(byteCount > 0, "an allocation has at least one byte")
    if let handle = ledger.withLock({ $0.reuse(byteCount) }) {
      return Allocation(context: self, handle: handle, byteCount: byteCount)
    }
    let handle = try allocateFromDriver(byteCount)
    ledger.withLock { $0.inUse += byteCount }
    return Allocation(context: self, handle: handle, byteCount: byteCount)
  }

  /// Waits for all queued work, and gives back to the driver what was released before.
  public func drain() throws(DeviceError) {
    for stream in [upload, compute, download] { try stream.synchronize() }
    collect()
  }

  /// Gives retained memory back to the driver.
  public func trim() {
    for (byteCount, handles) in ledger.withLock({ $0.takeRetained() }) {
      for handle in handles { backend.free(handle, byteCount: byteCount) }
    }
  }

  private func allocateFromDriver(_ byteCount: Int) throws(DeviceError) -> DeviceHandle {
    guard byteCount <= backend.limits.maximumAllocation else {
      throw DeviceError(
        .allocationTooLarge,
        "\(device) allows no allocation above \(backend.limits.maximumAllocation) bytes; "
          + "\(byteCount) were asked for")
    }
    collect()
    do {
      return try backend.allocate(byteCount: byteCount)
    } catch {
      guard error.code == .outOfMemory, bytesRetained > 0 || hasRetired else { throw error }
      trim()
      try drain()
      return try backend.allocate(byteCount: byteCount)
    }
  }
}

// MARK: - Release

extension DeviceContext {
  func takeBack(_ handle: DeviceHandle, byteCount: Int, retain: Bool) {
    if retain {
      ledger.withLock { $0.retain(handle, byteCount) }
    } else if backend.limits.freesInOrder {
      ledger.withLock { $0.inUse -= byteCount }
      backend.free(handle, byteCount: byteCount)
    } else {
      retire(handle, byteCount)
    }
  }

  /// Frees the handle once every stream has passed the point it is at now.
  private func retire(_ handle: DeviceHandle, _ byteCount: Int) {
    let events = [upload, compute, download].compactMap { try? $0.record() }
    ledger.withLock { $0.retired.append(Retired(handle, byteCount, events)) }
  }

  private var hasRetired: Bool { ledger.withLock { !$0.retired.isEmpty } }

  /// Frees what no stream can still be using.
  private func collect() {
    let passed = ledger.withLock { $0.takePassed() }
    for entry in passed { backend.free(entry.handle, byteCount: entry.byteCount) }
  }
}

/// An allocation that waits for the streams to pass.
private struct Retired: Sendable {
  let handle: DeviceHandle
  let byteCount: Int
  let events: [any DeviceEvent]

  init(_ handle: DeviceHandle, _ byteCount: Int, _ events: [any DeviceEvent]) {
    self.handle = handle
    self.byteCount = byteCount
    self.events = events
  }
}

/// What a context holds of its device's memory.
private struct Ledger: Sendable {
  var inUse = 0
  var retainedBytes = 0
  var retired: [Retired] = []
  private var retained: [Int: [DeviceHandle]] = [:]

  mutating func reuse(_ byteCount: Int) -> DeviceHandle? {
    guard let handle = retained[byteCount]?.popLast() else { return nil }
    retainedBytes -= byteCount
    inUse += byteCount
    return handle
  }

  mutating func retain(_ handle: DeviceHandle, _ byteCount: Int) {
    retained[byteCount, default: []].append(handle)
    retainedBytes += byteCount
    inUse -= byteCount
  }

  mutating func takeRetained() -> [Int: [DeviceHandle]] {
    defer {
      retained = [:]
      retainedBytes = 0
    }
    return retained
  }

  mutating func takePassed() -> [Retired] {
    let passed = retired.filter { $0.events.allSatisfy(\.hasPassed) }
    retired.removeAll { $0.events.allSatisfy(\.hasPassed) }
    inUse -= passed.reduce(0) { $0 + $1.byteCount }
    return passed
  }
}
