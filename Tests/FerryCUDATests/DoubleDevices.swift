import FerryCUDA
import FerryDevices
import FerryDriverDouble

/// The devices of the double, as the CUDA backend finds them.
enum DoubleDevices {
  /// What the backend says of the machine; with a cuBLASLt if asked to.
  static func discover(withBLAS: Bool = false) -> CUDADevices {
    CUDADevices.discover(over: CUDALibrary(DriverDouble.table)) {
      withBLAS ? CUDABLASLtLibrary(DriverDouble.blasTable) : nil
    }
  }

  /// The backends; fails where there are none.
  static func backends(withBLAS: Bool = false) throws -> [CUDABackend] {
    switch discover(withBLAS: withBLAS) {
    case .present(let backends, _): return backends
    case .absent(let reason): throw DeviceError(.unavailable, reason)
    }
  }

  /// The first device.
  static func first(withBLAS: Bool = false) throws -> CUDABackend {
    try backends(withBLAS: withBLAS)[0]
  }
}
