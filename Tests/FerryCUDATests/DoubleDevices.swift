import FerryCUDA
import FerryDevices
import FerryDriverDouble

/// The devices of the double, as the CUDA backend finds them.
enum DoubleDevices {
  /// What the backend says of the machine.
  static func discover() -> CUDADevices {
    CUDADevices.discover(over: CUDALibrary(DriverDouble.table))
  }

  /// The backends; fails where there are none.
  static func backends() throws -> [CUDABackend] {
    switch discover() {
    case .present(let backends, _): return backends
    case .absent(let reason): throw DeviceError(.unavailable, reason)
    }
  }

  /// The first device.
  static func first() throws -> CUDABackend { try backends()[0] }
}
