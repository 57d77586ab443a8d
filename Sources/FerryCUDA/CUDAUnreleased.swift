import FerryDevices

/// What a driver would not take back: how often, and the first time.
struct CUDAUnreleased: Sendable {
  private var count = 0
  private var first: (what: String, status: CUDAStatus)?

  mutating func note(_ what: String, _ status: CUDAStatus) {
    count += 1
    first = first ?? (what, status)
  }

  /// All of it in one error; nil where there was none.
  func error(on device: Device) -> DeviceError? {
    guard let first else { return nil }
    let others = count == 1 ? "" : ", nor \(count - 1) more after it"
    return DeviceError(
      .driver,
      "\(device) did not take back \(first.what)\(others): its room is free when the process ends",
      cause: first.status.description)
  }
}
