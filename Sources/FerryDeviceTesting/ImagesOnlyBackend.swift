import CDeviceKernels
public import FerryDevices

/// A backend that does what another does, but builds only programs of which images were made: what runs
/// on it runs on a device without a compiler.
///
/// The kernels themselves are built from their source by the backend within. Like the devices that
/// images are made for it asks for 32 threads a row.
public final class ImagesOnlyBackend: DeviceBackend {
  /// What does the work.
  public let inner: any DeviceBackend
  /// The inner backend's, without a compiler.
  public let limits: DeviceLimits

  /// Wraps a backend that compiles.
  public init(_ inner: any DeviceBackend) {
    self.inner = inner
    var limits = inner.limits
    limits.compilesSource = false
    limits.lockstepWidth = 32
    self.limits = limits
  }

  /// The inner backend's.
  public var device: Device { inner.device }
  /// The hardware's, marked.
  public var name: String { "\(inner.name), without a compiler" }

  /// The inner backend's.
  public func memory() throws(DeviceError) -> DeviceMemory { try inner.memory() }

  /// The inner backend's.
  public func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try inner.allocate(byteCount: byteCount)
  }

  /// The inner backend's.
  public func free(_ handle: DeviceHandle, byteCount: Int) {
    inner.free(handle, byteCount: byteCount)
  }

  /// The inner backend's.
  public func makeStream() throws(DeviceError) -> any DeviceStream { try inner.makeStream() }

  /// The inner backend's, where the catalog has the program.
  public func kernel(
    named name: String, in program: KernelProgram
  ) throws(DeviceError) -> any DeviceKernel {
    guard ferry_kernel_has_image(program.imageKey) else {
      throw DeviceError(.compileFailed, "no image was made of \(program.imageKey)")
    }
    return try inner.kernel(named: name, in: program)
  }
}
