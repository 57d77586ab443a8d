import FerryDevices

/// A device that is a piece of the host under another name: it has its own account, and nobody
/// reaches its bytes but through its streams.
final class SimulatedBackend: DeviceBackend {
  let device: Device
  let name = "simulated"
  private let hasPeers: Bool
  private let host = HostBackend()

  /// A device; one that has peers copies directly from and to every other simulated one.
  init(_ device: Device, hasPeers: Bool = false) {
    self.device = device
    self.hasPeers = hasPeers
  }

  func copiesDirectly(with peer: Device) -> Bool {
    hasPeers && peer.backend == device.backend && peer != device
  }

  var limits: DeviceLimits { host.limits }

  func memory() throws(DeviceError) -> DeviceMemory { try host.memory() }

  func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try host.allocate(byteCount: byteCount)
  }

  func free(_ handle: DeviceHandle, byteCount: Int) { host.free(handle, byteCount: byteCount) }

  func makeStream() throws(DeviceError) -> any DeviceStream {
    SimulatedStream(try host.makeStream(), self)
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
  private let backend: SimulatedBackend

  init(_ inner: any DeviceStream, _ backend: SimulatedBackend) {
    self.inner = inner
    self.backend = backend
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
    let device = backend.device
    guard source.device == device || target.device == device else {
      throw DeviceError(.wrongDevice, "a copy between two others was handed to \(device)")
    }
    try inner.copy(host(source, orPeer: true), to: host(target, orPeer: true))
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

  private func host(_ view: BufferView, orPeer: Bool = false) throws(DeviceError) -> BufferView {
    guard view.device == backend.device || orPeer && backend.copiesDirectly(with: view.device)
    else {
      throw DeviceError(.wrongDevice, "a view of \(view.device) was handed to \(backend.device)")
    }
    return BufferView(
      device: .cpu, owner: view.owner, handle: view.handle, offset: view.offset,
      byteCount: view.byteCount)
  }
}
