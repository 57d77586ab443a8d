import FerryDevices
import FerryOpenCL

/// The drivers Ferry knows: the one place that names backends.
enum BackendDiscovery {
  /// The host, then every device a driver offers, and the drivers that offer none.
  static func all() -> (backends: [any DeviceBackend], absent: [AbsentBackend]) {
    var backends: [any DeviceBackend] = [HostBackend()]
    var absent = [
      AbsentBackend(backend: .cuda, reason: "this version of Ferry has no CUDA backend")
    ]
    switch OpenCLDevices.discover() {
    case .present(let devices): backends += devices
    case .absent(let reason): absent.append(AbsentBackend(backend: .opencl, reason: reason))
    }
    return (backends, absent)
  }
}
