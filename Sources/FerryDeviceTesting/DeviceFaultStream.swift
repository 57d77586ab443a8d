import FerryDevices
import Glibc
import Synchronization

/// A stream of a ``FaultInjectingBackend``.
final class FaultInjectingStream: DeviceStream {
  private let inner: any DeviceStream
  private let backend: FaultInjectingBackend

  init(_ inner: any DeviceStream, _ backend: FaultInjectingBackend) {
    self.inner = inner
    self.backend = backend
  }

  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError) {
    try backend.enter(.upload)
    let watch = backend.faults.withLock { faults in
      faults.copied(source)
      return faults.uploadWatch
    }
    watch?(source.count)
    delay()
    try inner.upload(source, to: target)
    guard let offset = backend.faults.withLock({ $0.flip() }) else { return }
    try flip(target[offset, count: 1])
  }

  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)
  {
    try backend.enter(.download)
    backend.faults.withLock { $0.copied(UnsafeRawBufferPointer(target)) }
    delay()
    try inner.download(source, to: target)
  }

  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError) {
    try backend.enter(.copy)
    try inner.copy(source, to: target)
  }

  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError) {
    try backend.enter(.fill)
    try inner.fill(target, with: byte)
  }

  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64 {
    try backend.enter(.checksum)
    return try inner.checksum(ranges)
  }

  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    try backend.enter(.launch)
    try inner.launch(kernel, groups: groups, groupSize: groupSize, arguments)
  }

  func record() throws(DeviceError) -> any DeviceEvent {
    FaultInjectingEvent(try inner.record(), backend)
  }

  func wait(for event: any DeviceEvent) throws(DeviceError) {
    try inner.wait(for: (event as? FaultInjectingEvent)?.inner ?? event)
  }

  func synchronize() throws(DeviceError) { try inner.synchronize() }

  var recording: (any GraphRecording)? { inner.recording }

  private func delay() {
    let delay = backend.copyDelay.components
    guard delay.seconds > 0 || delay.attoseconds > 0 else { return }
    var time = timespec(
      tv_sec: Int(delay.seconds), tv_nsec: Int(delay.attoseconds / 1_000_000_000))
    var rest = timespec()
    while nanosleep(&time, &rest) != 0 && errno == EINTR { time = rest }
  }

  private func flip(_ byte: BufferView) throws(DeviceError) {
    var value: UInt8 = 0
    var failure: DeviceError?
    withUnsafeMutableBytes(of: &value) { value in
      do throws(DeviceError) {
        try inner.download(byte, to: value)
        try inner.synchronize()
        value[0] = ~value[0]
        try inner.upload(UnsafeRawBufferPointer(value), to: byte)
        try inner.synchronize()
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}

/// An event that can be held back.
private final class FaultInjectingEvent: DeviceEvent {
  let inner: any DeviceEvent
  private let backend: FaultInjectingBackend

  init(_ inner: any DeviceEvent, _ backend: FaultInjectingBackend) {
    self.inner = inner
    self.backend = backend
  }

  var hasPassed: Bool { !backend.holdsEvents && inner.hasPassed }

  func wait() throws(DeviceError) {
    while backend.holdsEvents { usleep(1000) }
    try inner.wait()
  }
}
