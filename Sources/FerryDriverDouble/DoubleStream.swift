import CDrivers
import Glibc

/// A stream: work that waits to be waited for.
final class DoubleStream {
  let token = DoubleToken()
  let context: DoubleContext
  private(set) var queue: [DoubleWork] = []
  /// The recording that calls go to, instead of the queue.
  var capture: DoubleCapture?

  init(_ context: DoubleContext) { self.context = context }

  func append(_ work: DoubleWork) { queue.append(work) }

  func takeFirst() -> DoubleWork? { queue.isEmpty ? nil : queue.removeFirst() }

  func forgetQueue() { queue = [] }
}

// MARK: - Queueing and running

extension DriverState {
  func stream(_ handle: OpaquePointer?) throws(DriverFailure) -> DoubleStream {
    guard handle != nil else {
      note("the default stream was used, which waits for all others")
      throw .invalidHandle
    }
    guard let stream = streams[UInt(handle: handle)] else { throw .invalidHandle }
    return stream
  }

  /// The stream, for a call of its own context that a broken one refuses.
  func soundStream(_ handle: OpaquePointer?) throws(DriverFailure) -> DoubleStream {
    let context = try soundContext()
    let stream = try stream(handle)
    guard stream.context === context else { throw .invalidContext }
    return stream
  }

  /// Queues work, or records it where the stream is being captured.
  func enqueue(_ work: DoubleWork, on stream: DoubleStream) throws(DriverFailure) {
    guard let capture = stream.capture else { return stream.append(work) }
    guard !capture.isInvalid else { throw .captureInvalidated }
    capture.append(work, of: stream)
  }

  /// Runs the next piece of work.
  private func step(_ stream: DoubleStream) throws(DriverFailure) {
    guard let work = stream.takeFirst() else { return }
    do throws(DriverFailure) {
      try run(work, in: stream.context)
    } catch {
      breakDown(stream.context, with: error.code)
      throw error
    }
  }

  /// From now on every call that needs the context fails, and nothing that was queued runs.
  func breakDown(_ context: DoubleContext, with code: CUresult) {
    context.failure = code
    for stream in streams.values where stream.context === context { stream.forgetQueue() }
  }

  /// Runs one piece of work, which may be made to fail.
  func run(_ work: DoubleWork, in context: DoubleContext) throws(DriverFailure) {
    if work.isWork, let code = injection.failureOfWork(on: context.ordinal) {
      throw DriverFailure(code)
    }
    try work.body(self)
  }

  /// Runs all that is queued.
  func finish(_ stream: DoubleStream) throws(DriverFailure) {
    while !stream.queue.isEmpty { try step(stream) }
  }

  func synchronize(_ stream: DoubleStream) throws(DriverFailure) {
    try refuseCapture(stream)
    try finish(stream)
  }

  /// A call that the capture of its stream does not allow ends the capture.
  func refuseCapture(_ stream: DoubleStream) throws(DriverFailure) {
    guard let capture = stream.capture else { return }
    capture.isInvalid = true
    throw .captureUnsupported
  }

  /// What the stream has still to do runs before it goes.
  func destroyStream(_ handle: OpaquePointer?) throws(DriverFailure) {
    let context = try currentContext()
    let stream = try stream(handle)
    try? finish(stream)
    streams[UInt(handle: handle)] = nil
    try context.check()
  }

  /// Makes the stream's later work wait for an event that another stream passes.
  func wait(_ stream: DoubleStream, for event: DoubleEvent) throws(DriverFailure) {
    if let capture = event.capture { return try join(stream, capture, of: event) }
    if let capture = stream.capture {
      capture.isInvalid = true
      throw .captureIsolation
    }
    guard let point = event.point else { return }
    try enqueue(
      DoubleWork("wait", isWork: false) { state throws(DriverFailure) in
        try state.reach(point)
      }, on: stream)
  }

  /// Runs a point's stream until it has passed it.
  func reach(_ point: DoublePoint) throws(DriverFailure) {
    while !point.isPassed {
      guard !point.stream.queue.isEmpty else { return try point.stream.context.check() }
      try step(point.stream)
    }
  }

  /// Moves an event's stream on by one piece of work, where it has not passed the event.
  func query(_ event: DoubleEvent) throws(DriverFailure) {
    guard event.capture == nil else { throw .capturedEvent }
    guard let point = event.point, !point.isPassed, !point.stream.queue.isEmpty else { return }
    try step(point.stream)
    throw .notReady
  }
}
