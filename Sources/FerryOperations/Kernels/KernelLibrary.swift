import CDeviceKernels
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
  private let missing = Mutex<Set<Variant>>([])

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

  /// Whether the device can have the kernel: it compiles, or an image was made of the program.
  func offers(_ kernel: OperationKernel, _ defines: [String: String]) -> Bool {
    if backend.limits.compilesSource { return true }
    let variant = Variant(kernel: kernel, defines: defines)
    if built.withLock({ $0[variant] != nil }) { return true }
    if missing.withLock({ $0.contains(variant) }) { return false }
    if ferry_kernel_has_image(kernel.program(defines).imageKey) { return true }
    missing.withLock { _ = $0.insert(variant) }
    return false
  }
}
