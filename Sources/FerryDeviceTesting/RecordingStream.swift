import FerryDevices
import Synchronization

/// A stream of a ``RecordingBackend``.
final class RecordingStream: DeviceStream {
  private let inner: any DeviceStream
  private let backend: RecordingBackend
  /// What is being recorded.
  private let recorder = Mutex<StreamRecorder?>(nil)

  init(_ inner: any DeviceStream, _ backend: RecordingBackend) {
    self.inner = inner
    self.backend = backend
  }

  var recording: (any GraphRecording)? { self }

  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError) {
    try refuseWhileRecording("an upload")
    try inner.upload(source, to: target)
  }

  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)
  {
    try refuseWhileRecording("a download")
    try inner.download(source, to: target)
  }

  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError) {
    let (source, target) = (addressed(source), addressed(target))
    try queue { (stream) throws(DeviceError) in try stream.copy(source, to: target) }
  }

  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError) {
    let target = addressed(target)
    try queue { (stream) throws(DeviceError) in try stream.fill(target, with: byte) }
  }

  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64 {
    try refuseWhileRecording("a checksum")
    return try inner.checksum(ranges)
  }

  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    let arguments = arguments.map { (argument) -> KernelArgument in
      if case .buffer(let view) = argument { .buffer(addressed(view)) } else { argument }
    }
    try queue { [backend] (stream) throws(DeviceError) in
      backend.account.withLock { $0.launches += 1 }
      try stream.launch(kernel, groups: groups, groupSize: groupSize, arguments)
    }
  }

  /// While recording, the point where that began: what is recorded is not in the stream.
  func record() throws(DeviceError) -> any DeviceEvent { try inner.record() }

  func wait(for event: any DeviceEvent) throws(DeviceError) {
    try refuseWhileRecording("a wait for another stream")
    try inner.wait(for: event)
  }

  func synchronize() throws(DeviceError) {
    try refuseWhileRecording("a wait of the host")
    try inner.synchronize()
  }

  private func refuseWhileRecording(_ what: String) throws(DeviceError) {
    guard let recorder = recorder.withLock({ $0 }) else { return }
    throw recorder.refuse(what)
  }

  /// The view as a recording has it: an address, and no share in the memory.
  private func addressed(_ view: BufferView) -> BufferView {
    guard recorder.withLock({ $0 }) != nil else { return view }
    return BufferView(
      device: view.device, owner: AddressOwner(), handle: view.handle, offset: view.offset,
      byteCount: view.byteCount)
  }

  private func queue(_ work: @escaping RecordedGraph.Work) throws(DeviceError) {
    guard let recorder = recorder.withLock({ $0 }) else { return try work(inner) }
    recorder.append(work)
  }
}

// MARK: - Recording

extension RecordingStream: GraphRecording {
  func beginRecording() throws(DeviceError) {
    let new = StreamRecorder()
    recorder.withLock { $0 = new }
    backend.account.withLock { $0.recorder = new }
  }

  func endRecording() throws(DeviceError) -> any DeviceGraph {
    let ended = recorder.withLock { $0.take() }
    guard let ended else { throw DeviceError(.driver, "no recording was begun") }
    let refuses = backend.account.withLock { account in
      account.recorder = nil
      account.refusals += ended.refusals
      return account.refusesRecordings
    }
    if let first = ended.refusals.first { throw StreamRecorder.refusal(first) }
    guard !refuses else { throw DeviceError(.driver, "the test lets no recording become a graph") }
    backend.account.withLock { $0.recordings += 1 }
    return RecordedGraph(ended.work)
  }

  func launch(_ graph: any DeviceGraph) throws(DeviceError) {
    guard let graph = graph as? RecordedGraph else {
      throw DeviceError(.wrongDevice, "the graph was recorded on another device")
    }
    backend.account.withLock { $0.graphLaunches += 1 }
    for work in graph.work { try work(inner) }
  }
}

/// The owner of no memory.
final class AddressOwner: MemoryOwner {}

/// Work that was recorded, to be queued again.
private final class RecordedGraph: DeviceGraph {
  typealias Work = @Sendable (any DeviceStream) throws(DeviceError) -> Void
  let work: [Work]
  init(_ work: [Work]) { self.work = work }
}

/// A recording under way.
final class StreamRecorder: Sendable {
  private let state = Mutex<(work: [RecordedGraph.Work], refusals: [String])>(([], []))

  fileprivate var work: [RecordedGraph.Work] { state.withLock { $0.work } }
  fileprivate var refusals: [String] { state.withLock { $0.refusals } }

  fileprivate func append(_ work: @escaping RecordedGraph.Work) {
    state.withLock { $0.work.append(work) }
  }

  /// Spoils the recording.
  func refuse(_ what: String) -> DeviceError {
    state.withLock { $0.refusals.append(what) }
    return Self.refusal(what)
  }

  fileprivate static func refusal(_ what: String) -> DeviceError {
    DeviceError(.driver, "\(what) cannot be recorded")
  }
}
