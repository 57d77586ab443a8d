import CDrivers
import FerryDevices
import Synchronization

/// An in-order command queue.
final class OpenCLStream: DeviceStream {
  let backend: OpenCLBackend
  let queue: OpenCLObject
  private let work: Mutex<OpenCLWork>

  init(_ backend: OpenCLBackend) throws(DeviceError) {
    self.backend = backend
    queue = try backend.library.makeQueue(backend.context, backend.info, backend.device)
    work = Mutex(OpenCLWork(last: OpenCLEvent(backend, .setUp, nil)))
  }

  deinit {
    _ = backend.library.call.Finish(queue.pointer)
    _ = backend.library.call.ReleaseCommandQueue(queue.pointer)
  }

  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError) {
    precondition(source.count == target.byteCount, "a copy has one size")
    let buffer = try buffer(target)
    guard source.count > 0 else { return }
    try enqueue(.copy) { event in
      backend.library.call.EnqueueWriteBuffer(
        queue.pointer, buffer, 0, target.offset, source.count, source.baseAddress, 0, nil, event)
    }
  }

  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)
  {
    precondition(source.byteCount == target.count, "a copy has one size")
    let buffer = try buffer(source)
    guard target.count > 0 else { return }
    try enqueue(.copy) { event in
      backend.library.call.EnqueueReadBuffer(
        queue.pointer, buffer, 0, source.offset, target.count, target.baseAddress, 0, nil, event)
    }
  }

  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError) {
    precondition(source.byteCount == target.byteCount, "a copy has one size")
    let (from, to) = (try buffer(source), try buffer(target))
    guard source.byteCount > 0 else { return }
    try enqueue(.copy) { event in
      backend.library.call.EnqueueCopyBuffer(
        queue.pointer, from, to, source.offset, target.offset, source.byteCount, 0, nil, event)
    }
  }

  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError) {
    let buffer = try buffer(target)
    for piece in OpenCLFill.pieces(start: target.offset, byteCount: target.byteCount) {
      try enqueue(.copy) { event in
        piece.enqueue(backend.library, queue, buffer, byte: byte, event: event).rawValue
      }
    }
  }

  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    guard let kernel = kernel as? OpenCLKernel, kernel.owner == ObjectIdentifier(backend) else {
      throw DeviceError(
        .wrongDevice, "kernel \(kernel.name) was built for another device than \(backend.device)")
    }
    try kernel.start(on: self, groups: groups, groupSize: groupSize, arguments)
  }

  func buffer(_ view: BufferView) throws(DeviceError) -> OpaquePointer? {
    guard view.device == backend.device else { throw .foreign(view.device, to: backend.device) }
    return view.handle.buffer
  }
}

// MARK: - Order

extension OpenCLStream {
  func record() throws(DeviceError) -> any DeviceEvent {
    let event = work.withLock { $0.last }
    // Without a flush the driver may never start what the event waits for.
    if !event.hasPassed {
      try OpenCLStatus(rawValue: backend.library.call.Flush(queue.pointer))
        .check(.launch, on: backend.device)
    }
    return event
  }

  func wait(for event: any DeviceEvent) throws(DeviceError) {
    guard let event = event as? OpenCLEvent, event.backend === backend else {
      return try event.wait()
    }
    guard !event.hasPassed else { return }
    var awaited = event.pointer
    try enqueue(.launch) { event in
      backend.library.call.EnqueueBarrierWithWaitList(queue.pointer, 1, &awaited, event)
    }
  }

  func synchronize() throws(DeviceError) {
    let events = work.withLock { $0.takePending() }
    let status = OpenCLStatus(rawValue: backend.library.call.Finish(queue.pointer))
    let failure = work.withLock { $0.takeFailure(before: events) }
    if let failure { throw failure }
    try status.check(.launch, on: backend.device)
  }

  /// Queues one command; its event becomes the stream's last.
  func enqueue(
    _ task: OpenCLTask, _ command: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
  ) throws(DeviceError) {
    let status = work.withLock { work in
      var event: OpaquePointer?
      let status = OpenCLStatus(rawValue: command(&event))
      if status == .success { work.append(OpenCLEvent(backend, task, event)) }
      return status
    }
    try status.check(task, on: backend.device)
  }
}

/// The commands of a stream that have not been seen to end.
private struct OpenCLWork: Sendable {
  private(set) var last: OpenCLEvent
  private var pending: [OpenCLEvent] = []
  private var failure: DeviceError?

  /// So many more commands are queued before the list is swept again.
  private static let sweep = 64

  init(last: OpenCLEvent) { self.last = last }

  mutating func append(_ event: OpenCLEvent) {
    last = event
    pending.append(event)
    if pending.count % Self.sweep == 0 { forgetPassed() }
  }

  mutating func takePending() -> [OpenCLEvent] {
    defer { pending = [] }
    return pending
  }

  /// The first failure not yet reported: one found earlier, else of `events`, which have ended.
  mutating func takeFailure(before events: [OpenCLEvent]) -> DeviceError? {
    defer { failure = nil }
    return failure ?? events.lazy.compactMap(\.failure).first
  }

  /// Lets go of the commands that have ended, which in an in-order queue are the first.
  private mutating func forgetPassed() {
    let passed = pending.prefix(while: \.hasPassed)
    failure = failure ?? passed.lazy.compactMap(\.failure).first
    pending.removeFirst(passed.count)
  }
}
