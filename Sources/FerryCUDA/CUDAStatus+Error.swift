package import FerryDevices

/// What was asked of the driver when it failed.
package enum CUDATask: Sendable {
  case open, setUp, allocation, copy, launch, build, pinning, recording

  fileprivate var code: DeviceError.Code {
    switch self {
    case .open: .unavailable
    case .setUp, .allocation, .pinning, .recording: .driver
    case .copy: .copyFailed
    case .launch: .launchFailed
    case .build: .compileFailed
    }
  }

  fileprivate var failure: String {
    switch self {
    case .open: "could not be opened: see what else uses it, and that the driver is well"
    case .setUp: "could not be set up"
    case .allocation: "could not allocate"
    case .copy: "could not copy"
    case .launch: "could not run a kernel"
    case .build: "could not load a kernel"
    case .pinning: "could not register host memory: leave it pageable"
    case .recording: "could not record: run the work without a recording"
    }
  }
}

extension CUDAStatus {
  /// Throws unless the call succeeded.
  package func check(_ task: CUDATask, on device: Device) throws(DeviceError) {
    if self != .success { throw error(task, on: device) }
  }

  /// This status as an error in every driver's terms.
  package func error(_ task: CUDATask, on device: Device) -> DeviceError {
    switch self {
    case .deviceUnavailable where task == .open:
      DeviceError(
        .unavailable, "another process uses \(device) exclusively: end it, or ask for another",
        cause: description)
    case _ where isMemoryFault: memoryFault(on: device)
    case _ where isLoss: loss(of: device)
    case .outOfMemory where task == .pinning, .operatingSystem where task == .pinning:
      refusedLock(on: device)
    case .alreadyRegistered:
      DeviceError(
        .driver, "this host memory is registered with \(device) already: register it once",
        cause: description)
    case .notRegistered:
      DeviceError(
        .driver, "this host memory is not registered with \(device): register it first",
        cause: description)
    case .outOfMemory:
      DeviceError(
        .outOfMemory, "\(device) has no room left: park or release something on it",
        cause: description)
    default: DeviceError(task.code, "\(device) \(task.failure)", cause: description)
    }
  }

  private func loss(of device: Device) -> DeviceError {
    DeviceError(
      .deviceLost,
      "\(device) stopped answering: what was on it is gone, what is on the host is not; "
        + "start the process again", cause: description)
  }

  private func memoryFault(on device: Device) -> DeviceError {
    DeviceError(
      .memoryFault,
      "the memory or a link of \(device) failed beyond correction: what was on it cannot be "
        + "trusted, what is on the host can; reset the device and start the process again",
      cause: description)
  }

  private func refusedLock(on device: Device) -> DeviceError {
    DeviceError(
      .outOfMemory,
      "the system locks no more host memory for \(device): raise the limit of locked memory "
        + "(ulimit -l) or the control group's memory limit, or leave it pageable",
      cause: description)
  }
}
