import FerryCUDA
public import FerryDevices
import FerryOpenCL
import Glibc

/// The devices of this machine, for tests: the host, every CUDA device, and every OpenCL device.
///
/// Where PoCL is the driver it is asked for two devices, so that moves between devices are tested too
/// (unless `POCL_DEVICES` is set already).
///
///     @Test(arguments: TestDevices.available) func works(_ device: Device) throws {
///       try TestDevices.withContext(on: device) { context in … }
///     }
public enum TestDevices {
  /// The devices, the host first.
  public static let available: [Device] = backends.map(\.device)

  /// Why there is no device besides the host; nil where there is one.
  public static let absence: String? = {
    guard available == [.cpu] else { return nil }
    return [cudaAbsence, openCLAbsence].compactMap { $0 }.joined(separator: "; ")
  }()

  /// Why there is no CUDA device; nil where there is one.
  public static let cudaAbsence: String? = {
    if case .absent(let reason) = cuda { reason } else { nil }
  }()

  /// Why there is no OpenCL device; nil where there is one.
  public static let openCLAbsence: String? = {
    if case .absent(let reason) = openCL { reason } else { nil }
  }()

  /// The backends behind ``available``.
  public static let backends: [any DeviceBackend] =
    [HostBackend()] + cuda.backends + openCL.backends

  private static let cuda = CUDADevices.discover()

  private static let openCL: OpenCLDevices = {
    setenv("POCL_DEVICES", "pthread pthread", 0)
    return OpenCLDevices.discover()
  }()

  /// The OpenCL devices once more, in backends that allocate at most `memoryLimit` bytes: running
  /// out of memory then takes little of the machine.
  public static func openCL(memoryLimit: Int) -> [any DeviceBackend] {
    _ = openCL
    return OpenCLDevices.discover(memoryLimit: memoryLimit).backends
  }

  /// The first device besides the host.
  public static func accelerator() throws -> any DeviceBackend {
    guard let backend = backends.dropFirst().first else {
      throw DeviceError(.unavailable, "there is no device besides the host: \(absence ?? "")")
    }
    return backend
  }

  /// The backend of a device that is there.
  public static func backend(of device: Device) throws -> any DeviceBackend {
    guard let backend = backends.first(where: { $0.device == device }) else {
      throw DeviceError(.unavailable, "\(device) is not here: \(absence ?? "no such device")")
    }
    return backend
  }

  /// Runs `body` with a fresh context and throws a ``ConformanceFailure`` if it leaves memory behind.
  public static func withContext<Value>(
    on device: Device, _ body: (DeviceContext) throws -> Value
  ) throws -> Value {
    try withContext(of: backend(of: device), body)
  }

  /// Runs `body` with a fresh context and throws a ``ConformanceFailure`` if it leaves memory behind.
  public static func withContext<Value>(
    of backend: any DeviceBackend, _ body: (DeviceContext) throws -> Value
  ) throws -> Value {
    let context = try DeviceContext(backend)
    let value = try body(context)
    try checkLeaks(context)
    return value
  }

  /// Runs `body` with a fresh context and throws a ``ConformanceFailure`` if it leaves memory behind.
  public static func withContext<Value>(
    on device: Device, _ body: (DeviceContext) async throws -> Value
  ) async throws -> Value {
    let context = try DeviceContext(backend(of: device))
    let value = try await body(context)
    try checkLeaks(context)
    return value
  }

  /// Throws a ``ConformanceFailure`` unless every allocation of the context has been released.
  public static func checkLeaks(_ context: DeviceContext) throws {
    try context.drain()
    context.trim()
    try require(context.bytesInUse == 0, "\(context.bytesInUse) bytes were left behind")
    try require(context.bytesRetained == 0, "\(context.bytesRetained) bytes are still retained")
    if let failure = context.backend.releaseFailure { throw failure }
  }
}
