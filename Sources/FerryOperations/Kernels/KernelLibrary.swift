import FerryDevices
import Synchronization

/// The kernels that operations have used so far, built for one device.
///
/// The backend keeps what it has built; this only saves putting a program's text together, at every
/// call, to ask for it.
final class KernelLibrary: Sendable {
  private struct Variant: Hashable, Sendable {
    let kernel: OperationKernel
    let defines: [String: String]
  }

  private let backend: any DeviceBackend
  private let built = Mutex<[Variant: any DeviceKernel]>([:])

  init(_ backend: any DeviceBackend) { self.backend = backend }

  /// The kernel built with these defines.
  func kernel(
    _ kernel: OperationKernel, _ defines: [String: String]
  ) throws(DeviceError) -> any DeviceKernel {
    let variant = Variant(kernel: kernel, defines: defines)
    if let found = built.withLock({ $0[variant] }) { return found }
    let made = try backend.kernel(named: kernel.rawValue, in: kernel.program(defines))
    built.withLock { $0[variant] = made }
    return made
  }
}
