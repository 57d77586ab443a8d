import CDrivers
import FerryDevices

/// The driver as a whole.
struct CUDADriver: Sendable, CustomStringConvertible {
  let library: CUDALibrary

  /// Why there are no devices.
  struct Absence: Error {
    let reason: String
  }

  /// CUDA 12.4, the interface of drivers 550 and newer.
  private static let oldest = 12_040

  init(_ library: CUDALibrary) { self.library = library }

  /// Why Ferry cannot use the driver; nil where it can.
  var unfitness: String? {
    guard version < Self.oldest else { return nil }
    return "the CUDA driver is of CUDA \(spelledVersion), and 12.4 is needed: install driver 550 "
      + "or newer"
  }

  /// Starts the driver and lists its devices, by number.
  func start() -> Result<[CUdevice], Absence> {
    let call = library.call
    var count: Int32 = 0
    var status = call.Init(0)
    if status == 0 { status = call.DeviceGetCount(&count) }
    var devices = [CUdevice](repeating: 0, count: status == 0 ? Int(max(0, count)) : 0)
    for index in devices.indices where status == 0 {
      status = call.DeviceGet(&devices[index], Int32(index))
    }
    guard status != 0 else { return .success(devices) }
    return .failure(Absence(reason: Self.reason(CUDAStatus(rawValue: status))))
  }

  /// `580.95.05 (CUDA 13.0)`, or only the latter where the kernel's module does not tell.
  var description: String {
    let module = SystemFile.text("/sys/module/nvidia/version")?.split(separator: "\n").first
    return module.map { "\($0) (CUDA \(spelledVersion))" } ?? "CUDA \(spelledVersion)"
  }

  private var version: Int {
    var version: Int32 = 0
    return library.call.DriverGetVersion(&version) == 0 ? Int(version) : 0
  }

  private var spelledVersion: String { "\(version / 1000).\(version % 1000 / 10)" }

  private static func reason(_ status: CUDAStatus) -> String {
    switch status.rawValue {
    case 100: "the CUDA driver is there, but no device (\(status))"
    case 802: "the CUDA devices are not ready: is the fabric manager running? (\(status))"
    case 803:
      "the CUDA library does not match the driver in the kernel: load the driver of the same version, "
        + "or restart the machine (\(status))"
    case 804: "the CUDA compatibility library does not support this device (\(status))"
    default: "the CUDA driver could not be started (\(status))"
    }
  }
}
