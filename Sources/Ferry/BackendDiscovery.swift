import FerryCUDA
import FerryDevices
import FerryOpenCL

/// The drivers Ferry knows: the one place that names backends.
enum BackendDiscovery {
  /// Every device a driver offers, and the drivers that offer none.
  static func drivers() -> (backends: [any DeviceBackend], absent: [AbsentBackend]) {
    var backends: [any DeviceBackend] = []
    var absent: [AbsentBackend] = []
    switch CUDADevices.discover() {
    case .present(let devices, let skipped):
      backends += devices
      absent += skipped.map { AbsentBackend(backend: .cuda, reason: $0) }
    case .absent(let reason): absent.append(AbsentBackend(backend: .cuda, reason: reason))
    }
    switch OpenCLDevices.discover() {
    case .present(let devices): backends += devices
    case .absent(let reason): absent.append(AbsentBackend(backend: .opencl, reason: reason))
    }
    return (backends, absent)
  }
}
