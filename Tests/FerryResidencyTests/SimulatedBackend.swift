import FerryDevices

/// A device that is a piece of the host under another name: it has its own account, and nobody
/// reaches its bytes but through its streams.
final class SimulatedBackend: DeviceBackend {
  let device: Device
  let name = "simulated"
  private let host = HostBackend()

  init(_ device: Device) { self.device = device }

  var limits: DeviceLimits { host.limits }

  func memory() throws(DeviceError) -> DeviceMemory { try host.memory() }

  func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try host.allocate(byteCount: byteCount)
  }

  func free(_ handle: DeviceHandle, byteCount: Int) { host.free(handle, byteCount: byteCount) }

  func makeStream() throws(DeviceError) -> any DeviceStream {
    SimulatedStream(try host.makeStream(), device)
  }

  func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    try host.kernel(named: name, in: program)
  }
}

/// A stream of a ``SimulatedBackend``.
private final class SimulatedStream: DeviceStream {
  private let inner: any DeviceStream
  private let device: Device

  init(_ inner: any DeviceStream, _ device: Device) {
    self.inner = inner
    self.device = device
  }

  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError) {
    try inner.upload(source, to: host(target))
  }

  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)
  {
    try inner.download(host(source), to: target)
  }

  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError) {
    try inner.copy(host(source), to: host(target))
  }

  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError) {
    try inner.fill(host(target), with: byte)
  }

  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64 {
    var views: [BufferView] = []
    for range in ranges { views.append(try host(range)) }
    return try inner.checksum(views)
  }

  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    throw DeviceError(.launchFailed, "a simulated device has no kernels")
  }

  func record() throws(DeviceError) -> any DeviceEvent { try inner.record() }
  func wait(for event: any DeviceEvent) throws(DeviceError) { try inner.wait(for: event) }
  func synchronize() throws(DeviceError) { try inner.synchronize() }

  private func host(_ view: BufferView) throws(DeviceError) -> BufferView {
    guard view.device == device else {
      throw DeviceError(.wrongDevice, "a view of \(view.device) was handed to \(device)")
    }
    return BufferView(
      device: .cpu, owner: view.owner, handle: view.handle, offset: view.offset,
      byteCount: view.byteCount)
  }
}
