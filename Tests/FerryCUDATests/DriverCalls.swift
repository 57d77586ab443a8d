import CDrivers
import FerryDriverDouble
import Testing

/// A stream of the double's first device with its context current, called as C code calls a driver.
final class DriverCalls {
  let call = DriverDouble.table.pointee
  private(set) var context: CUcontext?
  private(set) var stream: CUstream?
  private let device: Int32

  init(device: Int32 = 0) {
    self.device = device
    #expect(call.Init(0) == 0)
    #expect(call.DevicePrimaryCtxRetain(&context, device) == 0)
    #expect(call.CtxPushCurrent(context) == 0)
    #expect(call.StreamCreateWithPriority(&stream, 1, 0) == 0)
  }

  /// Gives everything back; of a broken context too.
  func end() {
    _ = call.StreamDestroy(stream)
    _ = call.CtxPopCurrent(&context)
    _ = call.DevicePrimaryCtxRelease(device)
  }

  /// A second stream.
  func makeStream() -> CUstream? {
    var stream: CUstream?
    #expect(call.StreamCreateWithPriority(&stream, 1, 0) == 0)
    return stream
  }

  func makeEvent() -> CUevent? {
    var event: CUevent?
    #expect(call.EventCreate(&event, 0) == 0)
    return event
  }

  func allocate(_ byteCount: Int) -> CUdeviceptr {
    var address: CUdeviceptr = 0
    #expect(call.MemAlloc(&address, byteCount) == 0)
    return address
  }

  /// What lies at an address, once everything queued on the first stream is done.
  func read(_ address: CUdeviceptr, _ byteCount: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    #expect(call.MemcpyDtoHAsync(&bytes, address, byteCount, stream) == 0)
    return bytes
  }

  // MARK: Mapped memory

  static let piece = 2 << 20

  func reserve(_ byteCount: Int = piece) -> CUdeviceptr {
    var address: CUdeviceptr = 0
    #expect(call.MemAddressReserve(&address, byteCount, 0, 0, 0) == 0)
    return address
  }

  func create(_ byteCount: Int = piece) -> CUmemGenericAllocationHandle {
    var handle: CUmemGenericAllocationHandle = 0
    #expect(create(byteCount, &handle) == 0)
    return handle
  }

  func create(_ byteCount: Int, _ handle: inout CUmemGenericAllocationHandle) -> CUresult {
    var properties = ferry_cuda_allocation_properties()
    properties.type = 1
    properties.location = ferry_cuda_location(type: 1, id: device)
    return call.MemCreate(&handle, byteCount, &properties, 0)
  }

  func allow(_ address: CUdeviceptr, _ byteCount: Int = piece, on device: Int32 = 0) -> CUresult {
    var access = ferry_cuda_access(
      location: ferry_cuda_location(type: 1, id: device), flags: 3)
    return call.MemSetAccess(address, byteCount, &access, 1)
  }

  var freeBytes: Int {
    var (free, total) = (0, 0)
    #expect(call.MemGetInfo(&free, &total) == 0)
    return free
  }
}
