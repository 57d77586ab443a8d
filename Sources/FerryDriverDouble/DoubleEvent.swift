/// An event: the point of a stream that was recorded in it last.
final class DoubleEvent {
  let token = DoubleToken()
  let context: DoubleContext
  private(set) var point: DoublePoint?
  /// The capture it was recorded in last.
  var capture: DoubleCapture?

  init(_ context: DoubleContext) { self.context = context }

  func record(on stream: DoubleStream) -> DoublePoint {
    let point = DoublePoint(stream)
    self.point = point
    capture = nil
    return point
  }
}

/// A point of a stream. Whoever waits for it does so whatever its event is recorded for later.
final class DoublePoint {
  let stream: DoubleStream
  private(set) var isPassed = false

  init(_ stream: DoubleStream) { self.stream = stream }

  func pass() { isPassed = true }
}

extension DriverState {
  func event(_ handle: OpaquePointer?) throws(DriverFailure) -> DoubleEvent {
    guard let event = events[UInt(handle: handle)] else { throw .invalidHandle }
    return event
  }

  func record(_ event: DoubleEvent, on stream: DoubleStream) throws(DriverFailure) {
    guard event.context === stream.context else { throw .invalidHandle }
    if let capture = stream.capture {
      guard !capture.isInvalid else { throw .captureInvalidated }
      event.capture = capture
      capture.recorded[ObjectIdentifier(event)] = stream
      return
    }
    let point = event.record(on: stream)
    stream.append(
      DoubleWork("event", isWork: false) { (_: DriverState) throws(DriverFailure) in
        point.pass()
      })
  }
}
