public import FerryDevices
import Glibc

/// Stable addresses in the memory of this process, for backends that are made of it: pages that fault
/// while nothing is behind them.
public struct TestReservations: AddressReservations {
  /// 64 KiB.
  public var granularity: Int { 1 << 16 }

  /// Addresses that fault.
  public init() {}

  /// Maps pages that may not be touched.
  public func reserve(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    let address = mmap(nil, byteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else {
      throw DeviceError(.outOfMemory, "there are no addresses for \(byteCount) bytes")
    }
    return DeviceHandle(rawValue: UInt(bitPattern: address))
  }

  /// Lets the pages be touched.
  public func commit(_ handle: DeviceHandle, byteCount: Int) throws(DeviceError) {
    guard mprotect(pages(handle), byteCount, PROT_READ | PROT_WRITE) == 0 else {
      throw DeviceError(.outOfMemory, "the system refused \(byteCount) bytes")
    }
  }

  /// Drops what the pages hold and forbids them.
  public func decommit(_ handle: DeviceHandle, byteCount: Int) {
    madvise(pages(handle), byteCount, MADV_DONTNEED)
    mprotect(pages(handle), byteCount, PROT_NONE)
  }

  /// Unmaps the pages.
  public func release(_ handle: DeviceHandle, byteCount: Int) { munmap(pages(handle), byteCount) }

  private func pages(_ handle: DeviceHandle) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: handle.rawValue)
  }
}

/// Registration of host memory with a device that copies from everywhere alike: what there is to see of
/// it is the account of a ``FaultInjectingBackend``.
public struct TestPinning: HostPinning {
  /// A registration that always succeeds.
  public init() {}
  /// Does nothing.
  public func register(_ memory: UnsafeMutableRawBufferPointer) throws(DeviceError) {}
  /// Does nothing.
  public func unregister(_ memory: UnsafeMutableRawBufferPointer) {}
}
