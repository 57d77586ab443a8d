import CDrivers
import FerryDevices

/// Registration of host memory for all contexts of the process.
struct CUDAPinning: HostPinning {
  private let context: CUDAContext

  init(_ context: CUDAContext) { self.context = context }

  func register(_ memory: UnsafeMutableRawBufferPointer) throws(DeviceError) {
    guard memory.count > 0 else { return }
    // CU_MEMHOSTREGISTER_PORTABLE
    try context.run(.pinning) { $0.MemHostRegister(memory.baseAddress, memory.count, 1) }
  }

  func unregister(_ memory: UnsafeMutableRawBufferPointer) {
    guard memory.count > 0 else { return }
    context.release("a registration") { $0.MemHostUnregister(memory.baseAddress) }
  }
}
