import CDrivers
package import FerryDevices
import Synchronization

/// One OpenCL device.
///
/// It has a context of its own. Released memory stays with the driver until queued work that uses it
/// is done, so `freesInOrder` holds.
package final class OpenCLBackend: DeviceBackend {
  package let device: Device
  package let name: String
  package let limits: DeviceLimits
  let library: OpenCLLibrary
  let info: OpenCLDeviceInfo
  let context: OpenCLObject
  /// The queue that touches new memory.
  let housekeeping: OpenCLObject
  private let capacity: Int
  private let held = Mutex(0)
  let programs = Mutex(OpenCLPrograms())

  init(_ library: OpenCLLibrary, _ info: OpenCLDeviceInfo, index: Int, memoryLimit: Int?)
    throws(DeviceError)
  {
    self.library = library
    self.info = info
    device = .opencl(index)
    name = info.name
    capacity = min(info.memory, memoryLimit ?? .max)
    limits = DeviceLimits(
      maximumAllocation: info.maximumAllocation, alignment: max(64, info.alignment),
      maximumGroupSize: info.maximumGroupSize, freesInOrder: true,
      lockstepWidth: info.isProcessor ? 1 : 32, keepsSubnormals: info.keepsSubnormals)
    context = try library.makeContext(info, device)
    do throws(DeviceError) {
      housekeeping = try library.makeQueue(context, info, device)
    } catch {
      _ = library.call.ReleaseContext(context.pointer)
      throw error
    }
  }

  deinit {
    for program in programs.withLock({ $0.takeAll() }) {
      _ = library.call.ReleaseProgram(program.pointer)
    }
    _ = library.call.ReleaseCommandQueue(housekeeping.pointer)
    _ = library.call.ReleaseContext(context.pointer)
  }

  /// All of the device's memory; OpenCL has no question for what is free.
  package func memory() throws(DeviceError) -> DeviceMemory {
    DeviceMemory(total: capacity, free: nil)
  }

  package func makeStream() throws(DeviceError) -> any DeviceStream { try OpenCLStream(self) }
}

// MARK: - Memory

extension OpenCLBackend {
  package func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    precondition(byteCount > 0, "an allocation has at least one byte")
    try reserve(byteCount)
    do throws(DeviceError) {
      let buffer = try makeBuffer(byteCount)
      do throws(DeviceError) {
        try touch(buffer, byteCount)
      } catch {
        _ = library.call.ReleaseMemObject(buffer.pointer)
        throw error
      }
      return DeviceHandle(rawValue: UInt(bitPattern: buffer.pointer))
    } catch {
      held.withLock { $0 -= byteCount }
      throw error
    }
  }

  package func free(_ handle: DeviceHandle, byteCount: Int) {
    let status = OpenCLStatus(rawValue: library.call.ReleaseMemObject(handle.buffer))
    assert(status == .success, "\(device) could not release memory: \(status)")
    held.withLock { $0 -= byteCount }
  }

  /// A buffer that no account knows: for a primitive's own tables.
  func makeBuffer(_ byteCount: Int) throws(DeviceError) -> OpenCLObject {
    var status: Int32 = 0
    let buffer = library.call.CreateBuffer(context.pointer, 1, byteCount, nil, &status)
    try OpenCLStatus(rawValue: status).check(.allocation, on: device)
    guard let buffer else { throw OpenCLStatus.outOfHostMemory.error(.allocation, on: device) }
    return OpenCLObject(buffer)
  }

  /// Drivers may promise more than there is; what exceeds the device is refused here.
  private func reserve(_ byteCount: Int) throws(DeviceError) {
    guard byteCount <= limits.maximumAllocation else {
      throw OpenCLStatus.invalidBufferSize.error(.allocation, on: device)
    }
    let capacity = self.capacity
    let spare = held.withLock { held in
      defer { if byteCount <= capacity - held { held += byteCount } }
      return capacity - held
    }
    guard byteCount <= spare else {
      let sizes = ByteCount.spelled(byteCount, max(spare, 0))
      throw DeviceError(
        .outOfMemory,
        "\(sizes[0]) do not fit on \(device), which has room for \(sizes[1]): "
          + "park or release something on it")
    }
  }

  /// Drivers allocate at first use: writing everything makes them fail here and not there.
  private func touch(_ buffer: OpenCLObject, _ byteCount: Int) throws(DeviceError) {
    for piece in OpenCLFill.pieces(start: 0, byteCount: byteCount) {
      let status = piece.enqueue(library, housekeeping, buffer.pointer, byte: 0, event: nil)
      try status.check(.allocation, on: device)
    }
    try OpenCLStatus(rawValue: library.call.Finish(housekeeping.pointer))
      .check(.allocation, on: device)
  }
}

extension DeviceHandle {
  /// The handle as the `cl_mem` it is.
  var buffer: OpaquePointer? { OpaquePointer(bitPattern: rawValue) }
}
