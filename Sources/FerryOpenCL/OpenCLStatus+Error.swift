package import FerryDevices

/// What was asked of the driver when it failed.
package enum OpenCLTask: Sendable {
  case setUp, allocation, copy, launch

  fileprivate var code: DeviceError.Code {
    switch self {
    case .setUp, .allocation: .driver
    case .copy: .copyFailed
    case .launch: .launchFailed
    }
  }

  fileprivate var failure: String {
    switch self {
    case .setUp: "could not be set up"
    case .allocation: "could not allocate"
    case .copy: "could not copy"
    case .launch: "could not run a kernel"
    }
  }
}

extension OpenCLStatus {
  /// Throws unless the call succeeded.
  package func check(_ task: OpenCLTask, on device: Device) throws(DeviceError) {
    if self != .success { throw error(task, on: device) }
  }

  /// This status as an error in every driver's terms.
  package func error(_ task: OpenCLTask, on device: Device) -> DeviceError {
    switch self {
    case .deviceNotAvailable, .invalidQueue:
      DeviceError(
        .deviceLost, "\(device) stopped answering: what was on it is gone; open it again",
        cause: description)
    case .bufferAllocationFailure, .outOfHostMemory:
      outOfMemory(on: device)
    case .outOfResources where task != .launch:
      outOfMemory(on: device)
    case .invalidBufferSize:
      DeviceError(
        .allocationTooLarge, "\(device) allows no allocation of this size: use smaller slabs",
        cause: description)
    default:
      DeviceError(task.code, "\(device) \(task.failure)", cause: description)
    }
  }

  private func outOfMemory(on device: Device) -> DeviceError {
    DeviceError(
      .outOfMemory, "\(device) has no room left: park or release something on it",
      cause: description)
  }
}
