import CDrivers
import FerryDevices

/// The end of one command of a queue, or a point before any.
final class OpenCLEvent: DeviceEvent {
  let backend: OpenCLBackend
  private let task: OpenCLTask
  private let event: OpenCLObject?

  /// Takes over one reference to `event`; nil is a point that has been passed.
  init(_ backend: OpenCLBackend, _ task: OpenCLTask, _ event: OpaquePointer?) {
    self.backend = backend
    self.task = task
    self.event = event.map(OpenCLObject.init)
  }

  deinit {
    if let event { _ = backend.library.call.ReleaseEvent(event.pointer) }
  }

  /// The driver's event; nil for a point that has been passed.
  var pointer: OpaquePointer? { event?.pointer }

  var hasPassed: Bool { status <= 0 }

  func wait() throws(DeviceError) {
    var pointer = self.pointer
    guard pointer != nil else { return }
    let status = OpenCLStatus(rawValue: backend.library.call.WaitForEvents(1, &pointer))
    if let failure { throw failure }
    try status.check(task, on: backend.device)
  }

  /// Why the command failed; nil while it runs and after it succeeded.
  var failure: DeviceError? {
    let status = self.status
    return status < 0 ? OpenCLStatus(rawValue: status).error(task, on: backend.device) : nil
  }

  /// `CL_EVENT_COMMAND_EXECUTION_STATUS`: 3 queued, 2 submitted, 1 running, 0 complete, or an error.
  private var status: Int32 {
    guard let pointer else { return 0 }
    var status: Int32 = 0
    let query = backend.library.call.GetEventInfo(
      pointer, 0x11D3, MemoryLayout<Int32>.size, &status, nil)
    return query == 0 ? status : query
  }
}
