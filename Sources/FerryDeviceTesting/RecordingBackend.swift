public import FerryDevices
import Synchronization

/// A backend that does what another does, and whose streams record.
///
/// What is queued between ``GraphRecording/beginRecording()`` and ``GraphRecording/endRecording()`` is
/// kept and not run; a launch of the graph queues it again, with the arguments it was recorded with.
/// As with a driver, a recording into which something strays that cannot be recorded (a copy from or to
/// the host, a wait, an allocation or a new kernel) fails, and gives nothing.
///
///     let backend = RecordingBackend(try TestDevices.backend(of: .opencl(0)), addressesStay: true)
public final class RecordingBackend: DeviceBackend {
  private let inner: any DeviceBackend
  private let stable: StableBuffers?
  let account = Mutex(Account())

  /// What was asked of the streams.
  struct Account: Sendable {
    var launches = 0
    var graphLaunches = 0
    var recordings = 0
    var refusals: [String] = []
    var refusesRecordings = false
    /// The recording under way.
    weak var recorder: StreamRecorder?
  }

  /// Wraps `inner`; with `addressesStay`, its memory may come back where it was.
  public init(_ inner: any DeviceBackend, addressesStay: Bool = false) {
    self.inner = inner
    stable = addressesStay ? StableBuffers(inner) : nil
  }

  /// The inner backend's.
  public var device: Device { inner.device }
  /// The inner backend's.
  public var limits: DeviceLimits { inner.limits }
  /// The hardware's, marked.
  public var name: String { "\(inner.name), recording" }
  /// The inner backend's.
  public var facts: DeviceFacts { inner.facts }
  /// Buffers that are kept while nothing is in them.
  public var reservations: (any AddressReservations)? { stable }

  /// The inner memory.
  public func memory() throws(DeviceError) -> DeviceMemory { try inner.memory() }

  /// Allocates, but not while a stream records.
  public func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try refuseWhileRecording("an allocation of \(byteCount) bytes")
    return try inner.allocate(byteCount: byteCount)
  }

  /// Frees; what was recorded goes by the address and keeps nothing.
  public func free(_ handle: DeviceHandle, byteCount: Int) {
    inner.free(handle, byteCount: byteCount)
  }

  /// A stream that records.
  public func makeStream() throws(DeviceError) -> any DeviceStream {
    RecordingStream(try inner.makeStream(), self)
  }

  /// The inner backend's kernel: one that is built already, while a stream records.
  public func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    try refuseWhileRecording("the kernel \(name)")
    return try inner.kernel(named: name, in: program)
  }

  func refuseWhileRecording(_ what: String) throws(DeviceError) {
    guard let recorder = account.withLock({ $0.recorder }) else { return }
    throw recorder.refuse(what)
  }
}

// MARK: - Account

extension RecordingBackend {
  /// Kernels started, those of graphs included.
  public var launchCount: Int { account.withLock { $0.launches } }
  /// Graphs started.
  public var graphLaunchCount: Int { account.withLock { $0.graphLaunches } }
  /// Recordings that became graphs.
  public var recordingCount: Int { account.withLock { $0.recordings } }
  /// What strayed into recordings.
  public var refusals: [String] { account.withLock { $0.refusals } }

  /// While true, every recording fails in the end, as when a driver cannot make a graph of it.
  public var refusesRecordings: Bool {
    get { account.withLock { $0.refusesRecordings } }
    set { account.withLock { $0.refusesRecordings = newValue } }
  }
}

/// Reserved addresses on a device that has none: buffers that are kept.
private struct StableBuffers: AddressReservations {
  private let backend: any DeviceBackend

  init(_ backend: any DeviceBackend) { self.backend = backend }

  var granularity: Int { 4096 }

  func reserve(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try backend.allocate(byteCount: byteCount)
  }

  /// The contents are others than before.
  func commit(_ handle: DeviceHandle, byteCount: Int) throws(DeviceError) {
    let stream = try backend.makeStream()
    let view = BufferView(
      device: backend.device, owner: AddressOwner(), handle: handle, offset: 0,
      byteCount: byteCount)
    try stream.fill(view, with: 0xC3)
    try stream.synchronize()
  }

  func decommit(_ handle: DeviceHandle, byteCount: Int) {}

  func release(_ handle: DeviceHandle, byteCount: Int) {
    backend.free(handle, byteCount: byteCount)
  }
}
