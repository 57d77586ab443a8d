/// The recording of a stream, and of those that joined it.
final class DoubleCapture {
  /// 0: global, 1: the thread's, 2: relaxed.
  let mode: Int32
  let thread: UInt
  let origin: ObjectIdentifier
  var isInvalid = false
  /// Where events were recorded in it.
  var recorded: [ObjectIdentifier: DoubleStream] = [:]
  private(set) var work: [DoubleWork] = []
  private var unjoined: Set<ObjectIdentifier> = []

  init(mode: Int32, thread: UInt, origin: DoubleStream) {
    self.mode = mode
    self.thread = thread
    self.origin = ObjectIdentifier(origin)
  }

  func append(_ work: DoubleWork, of stream: DoubleStream) {
    self.work.append(work)
    if ObjectIdentifier(stream) != origin { unjoined.insert(ObjectIdentifier(stream)) }
  }

  /// The origin waits for what a stream that had joined has recorded.
  func rejoin(_ stream: DoubleStream) { unjoined.remove(ObjectIdentifier(stream)) }

  var isJoined: Bool { unjoined.isEmpty }
}

/// Recorded work: `CUgraph`, and `CUgraphExec`.
final class DoubleGraph {
  let token = DoubleToken()
  let work: [DoubleWork]
  let ordinal: Int

  init(_ work: [DoubleWork], ordinal: Int) {
    self.work = work
    self.ordinal = ordinal
  }
}

// MARK: - Capturing

extension DriverState {
  func beginCapture(
    _ stream: DoubleStream, mode: Int32, thread: UInt
  ) throws(DriverFailure) {
    guard (0...2).contains(mode) else { throw .invalidValue }
    guard stream.capture == nil else { throw .illegalState }
    stream.capture = DoubleCapture(mode: mode, thread: thread, origin: stream)
  }

  func endCapture(_ stream: DoubleStream, thread: UInt) throws(DriverFailure) -> DoubleGraph {
    guard let capture = stream.capture else { throw .illegalState }
    guard capture.origin == ObjectIdentifier(stream) else { throw .captureUnmatched }
    for other in streams.values where other.capture === capture { other.capture = nil }
    guard !capture.isInvalid else { throw .captureInvalidated }
    guard capture.isJoined else { throw .captureUnjoined }
    let graph = DoubleGraph(capture.work, ordinal: stream.context.ordinal)
    graphs[graph.token.rawValue] = graph
    return graph
  }

  /// A stream that waits for an event of a capture takes part in it.
  func join(
    _ stream: DoubleStream, _ capture: DoubleCapture, of event: DoubleEvent
  ) throws(DriverFailure) {
    guard !capture.isInvalid else { throw .captureInvalidated }
    guard stream.capture == nil || stream.capture === capture else { throw .captureIsolation }
    stream.capture = capture
    if ObjectIdentifier(stream) == capture.origin,
      let other = capture.recorded[ObjectIdentifier(event)]
    {
      capture.rejoin(other)
    }
  }
}

// MARK: - Graphs

extension DriverState {
  func instantiate(_ handle: OpaquePointer?) throws(DriverFailure) -> DoubleGraph {
    guard let graph = graphs[UInt(handle: handle)] else { throw .invalidValue }
    try devices[graph.ordinal].context?.check()
    let executable = DoubleGraph(graph.work, ordinal: graph.ordinal)
    executables[executable.token.rawValue] = executable
    return executable
  }

  /// Queues all of a graph's work: addresses are looked up when it runs, each time.
  func launch(_ handle: OpaquePointer?, on stream: DoubleStream) throws(DriverFailure) {
    guard let graph = executables[UInt(handle: handle)] else { throw .invalidValue }
    guard graph.ordinal == stream.context.ordinal else { throw .invalidContext }
    for work in graph.work { try enqueue(work, on: stream) }
  }
}
