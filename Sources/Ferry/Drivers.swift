import FerryDevices
import Synchronization

/// The backends of an engine. The host is there at once; loading drivers and starting them takes up to seconds,
/// so that they are asked only for what the host does not have.
final class Drivers: Sendable {
  private let host: (any DeviceBackend)?
  private let found: Mutex<Found?>

  private struct Found {
    let backends: [any DeviceBackend]
    let absent: [AbsentBackend]
  }

  /// The host, and what the drivers of this machine offer.
  init() {
    host = HostBackend()
    found = Mutex(nil)
  }

  /// These.
  init(backends: [any DeviceBackend], absent: [AbsentBackend]) {
    host = backends.first { $0.device == .cpu }
    found = Mutex(Found(backends: backends, absent: absent))
  }

  /// All backends, the host first.
  var backends: [any DeviceBackend] { discovered.backends }

  /// The drivers that offer no device.
  var absent: [AbsentBackend] { discovered.absent }

  /// The backends so far, without asking drivers for theirs.
  var asked: [any DeviceBackend] { found.withLock { $0?.backends } ?? [] }

  /// The backend of a device; nil where there is none.
  func backend(of device: Device) -> (any DeviceBackend)? {
    device == .cpu ? host : backends.first { $0.device == device }
  }

  private var discovered: Found {
    found.withLock { found in
      if let found { return found }
      let drivers = BackendDiscovery.drivers()
      let all = Found(
        backends: (host.map { [$0] } ?? []) + drivers.backends, absent: drivers.absent)
      found = all
      return all
    }
  }
}
