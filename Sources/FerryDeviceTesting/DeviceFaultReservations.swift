import FerryDevices
import Synchronization

/// Stable addresses of a ``FaultInjectingBackend``.
struct FaultInjectingReservations: AddressReservations {
  let inner: any AddressReservations
  let backend: FaultInjectingBackend

  var granularity: Int { inner.granularity }

  func reserve(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try backend.enter(.reservation)
    let handle = try inner.reserve(byteCount: byteCount)
    backend.faults.withLock { $0.reserved(handle, byteCount, step: granularity) }
    return handle
  }

  func commit(_ handle: DeviceHandle, byteCount: Int) throws(DeviceError) {
    try backend.enter(.commitment)
    try backend.admit(byteCount)
    guard backend.faults.withLock({ $0.committed(handle, byteCount) }) else { return }
    do {
      try inner.commit(handle, byteCount: byteCount)
    } catch {
      _ = backend.faults.withLock { $0.decommitted(handle, byteCount) }
      throw error
    }
  }

  func decommit(_ handle: DeviceHandle, byteCount: Int) {
    guard backend.faults.withLock({ $0.decommitted(handle, byteCount) }) else { return }
    inner.decommit(handle, byteCount: byteCount)
  }

  func release(_ handle: DeviceHandle, byteCount: Int) {
    guard backend.faults.withLock({ $0.released(handle, byteCount) }) else { return }
    inner.release(handle, byteCount: byteCount)
  }
}

/// The account of reserved addresses.
struct DeviceFaultAddresses: Sendable {
  private(set) var reserved: [DeviceHandle: Int] = [:]
  private(set) var committed: [DeviceHandle: Int] = [:]

  var committedByteCount: Int { committed.values.reduce(0, +) }

  /// Each of these returns what is wrong with the call; nil where nothing is.
  mutating func reserve(_ handle: DeviceHandle, _ byteCount: Int, step: Int) -> String? {
    if byteCount <= 0 || byteCount % step != 0 { return "\(byteCount) bytes were reserved" }
    return reserved.updateValue(byteCount, forKey: handle) == nil
      ? nil : "\(handle) was reserved twice"
  }

  mutating func commit(_ handle: DeviceHandle, _ byteCount: Int) -> String? {
    guard reserved[handle] == byteCount else { return "\(handle) was committed without addresses" }
    return committed.updateValue(byteCount, forKey: handle) == nil
      ? nil : "\(handle) was committed twice"
  }

  mutating func decommit(_ handle: DeviceHandle, _ byteCount: Int) -> String? {
    committed.removeValue(forKey: handle) == byteCount ? nil : "\(handle) was decommitted in vain"
  }

  mutating func release(_ handle: DeviceHandle, _ byteCount: Int) -> String? {
    guard committed[handle] == nil else { return "\(handle) was released with memory behind it" }
    return reserved.removeValue(forKey: handle) == byteCount
      ? nil : "\(handle) was released in vain"
  }
}
