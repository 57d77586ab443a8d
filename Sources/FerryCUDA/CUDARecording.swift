import CDrivers
import FerryDevices
import Synchronization

/// Whether a stream records.
enum CUDARecorder: Sendable {
  /// What is queued runs.
  case idle
  /// What is queued is recorded, after the point where the stream was; once a call has failed, in vain.
  case recording(since: CUDAEvent, failure: DeviceError?)

  /// Where the stream was when the recording began; nil where none is under way.
  var begin: CUDAEvent? {
    if case .recording(let event, _) = self { event } else { nil }
  }

  /// Remembers the first failure of a recording.
  mutating func spoil(_ error: DeviceError) {
    if case .recording(let event, nil) = self { self = .recording(since: event, failure: error) }
  }
}

/// Recorded work, ready to run.
final class CUDAGraph: DeviceGraph {
  let context: CUDAContext
  private let graph: CUDAObject
  /// One thread at a time may use a graph.
  private let turn = Mutex(())

  /// Ends a stream's capture, whatever came of it.
  init(endingCaptureOf stream: CUDAStream, after failure: DeviceError?) throws(DeviceError) {
    context = stream.context
    graph = try Self.executable(try Self.captured(stream, failure), stream.context)
  }

  /// A run that is under way ends first: the driver keeps what it needs.
  deinit {
    context.release("a graph") { $0.GraphExecDestroy(graph.pointer) }
  }

  /// Queues one run.
  func launch(on stream: CUDAStream) throws(DeviceError) {
    try turn.withLock { (_) throws(DeviceError) in
      try stream.enqueue(.launch) { $0.GraphLaunch(graph.pointer, stream.pointer) }
    }
  }

  /// The graph of what was captured; after a failure there is none, and the stream is usable again.
  private static func captured(_ stream: CUDAStream, _ failure: DeviceError?) throws(DeviceError)
    -> CUDAObject
  {
    var graph: OpaquePointer?
    var ending: DeviceError?
    do throws(DeviceError) {
      try stream.context.end(.recording) { $0.StreamEndCapture(stream.pointer, &graph) }
    } catch {
      ending = error
    }
    guard let failure = failure ?? ending else {
      if let graph { return CUDAObject(graph) }
      throw CUDAStatus.invalidValue.error(.recording, on: stream.backend.device)
    }
    if let graph { stream.context.release("a graph") { $0.GraphDestroy(graph) } }
    throw failure
  }

  private static func executable(
    _ graph: CUDAObject, _ context: CUDAContext
  ) throws(DeviceError) -> CUDAObject {
    defer { context.release("a graph") { $0.GraphDestroy(graph.pointer) } }
    var executable: OpaquePointer?
    try context.run(.recording) { $0.GraphInstantiate(&executable, graph.pointer, 0) }
    guard let executable else {
      throw CUDAStatus.invalidValue.error(.recording, on: context.device)
    }
    return CUDAObject(executable)
  }
}
