import CDrivers
import FerryDevices

extension OpenCLLibrary {
  /// A context of one device.
  func makeContext(_ info: OpenCLDeviceInfo, _ device: Device) throws(DeviceError) -> OpenCLObject {
    var status: Int32 = 0
    var id: OpaquePointer? = info.id.pointer
    let context = call.CreateContext(nil, 1, &id, nil, nil, &status)
    return try made(context, status, device)
  }

  /// An in-order queue.
  func makeQueue(
    _ context: OpenCLObject, _ info: OpenCLDeviceInfo, _ device: Device
  ) throws(DeviceError) -> OpenCLObject {
    var status: Int32 = 0
    let queue = call.CreateCommandQueue(context.pointer, info.id.pointer, 0, &status)
    return try made(queue, status, device)
  }

  private func made(
    _ object: OpaquePointer?, _ status: Int32, _ device: Device
  ) throws(DeviceError) -> OpenCLObject {
    try OpenCLStatus(rawValue: status).check(.setUp, on: device)
    guard let object else { throw OpenCLStatus.outOfHostMemory.error(.setUp, on: device) }
    return OpenCLObject(object)
  }
}
