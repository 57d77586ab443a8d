/// Memory of a device, by the way it came from the driver.
enum DriverMemory: Sendable {
  /// An allocation.
  case allocated(DeviceHandle)
  /// What is behind reserved addresses, in one numbered use of them.
  case committed(ReservedAddresses, use: Int)

  /// The addresses, where they were reserved.
  var addresses: ReservedAddresses? {
    if case .committed(let addresses, _) = self { addresses } else { nil }
  }

  /// Lets go of it; nothing uses it any more.
  func giveBack(to backend: any DeviceBackend, byteCount: Int) {
    switch self {
    case .allocated(let handle): backend.free(handle, byteCount: byteCount)
    case .committed(let addresses, let use): addresses.decommit(use: use)
    }
  }
}

/// Memory that its owner let go of, and the points after which no stream uses it any more.
struct ReleasedMemory: Sendable {
  let memory: DriverMemory
  let byteCount: Int
  let events: [any DeviceEvent]

  var isIdle: Bool { events.allSatisfy(\.hasPassed) }
}
