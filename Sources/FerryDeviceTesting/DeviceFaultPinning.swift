import FerryDevices
import Synchronization

/// Registration of host memory with a ``FaultInjectingBackend``.
struct FaultInjectingPinning: HostPinning {
  let inner: any HostPinning
  let backend: FaultInjectingBackend

  func register(_ memory: UnsafeMutableRawBufferPointer) throws(DeviceError) {
    try backend.enter(.registration)
    try inner.register(memory)
    backend.faults.withLock { $0.registered(memory) }
  }

  func unregister(_ memory: UnsafeMutableRawBufferPointer) {
    guard backend.faults.withLock({ $0.unregistered(memory) }) else { return }
    inner.unregister(memory)
  }
}

/// The account of registered host memory.
struct DeviceFaultRegistrations: Sendable {
  /// The sizes, by the start.
  private(set) var sizes: [UInt: Int] = [:]

  var byteCount: Int { sizes.values.reduce(0, +) }

  /// Whether the bytes lie within one registration.
  func holds(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = UInt(bitPattern: bytes.baseAddress)
    return sizes.contains { $0 <= start && start + UInt(bytes.count) <= $0 + UInt($1) }
  }

  /// Whether the bytes begin in one registration and end outside of it, which drivers refuse.
  func isCutBy(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard !bytes.isEmpty, !holds(bytes) else { return false }
    let start = UInt(bitPattern: bytes.baseAddress)
    return sizes.contains { start < $0 + UInt($1) && $0 < start + UInt(bytes.count) }
  }

  /// These return what is wrong with the call; nil where nothing is.
  mutating func register(_ memory: UnsafeMutableRawBufferPointer) -> String? {
    let start = UInt(bitPattern: memory.baseAddress)
    guard start % 4096 == 0, memory.count % 4096 == 0, memory.count > 0 else {
      return "\(memory) is not made of pages"
    }
    let bytes = UnsafeRawBufferPointer(memory)
    guard !holds(bytes), !isCutBy(bytes) else { return "\(memory) was registered twice" }
    sizes[start] = memory.count
    return nil
  }

  mutating func unregister(_ memory: UnsafeMutableRawBufferPointer) -> String? {
    sizes.removeValue(forKey: UInt(bitPattern: memory.baseAddress)) == memory.count
      ? nil : "\(memory) was unregistered in vain"
  }
}
