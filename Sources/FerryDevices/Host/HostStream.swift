import Glibc

/// The host's stream: every call has finished when it returns, so every event has passed.
final class HostStream: DeviceStream {
  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError) {
    try move(source, into: mutableBytes(target))
  }

  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)
  {
    try move(bytes(source), into: target)
  }

  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError) {
    try move(bytes(source), into: mutableBytes(target))
  }

  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError) {
    let target = try mutableBytes(target)
    if let start = target.baseAddress { memset(start, Int32(byte), target.count) }
  }

  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64 {
    var checksum = Checksum()
    for range in ranges { checksum.append(try bytes(range)) }
    return checksum.value
  }

  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError) {
    throw DeviceError(
      .launchFailed,
      "the host starts no kernels (\(kernel.name)): it computes through FerryOperations")
  }

  func record() throws(DeviceError) -> any DeviceEvent { HostEvent() }

  func wait(for event: any DeviceEvent) throws(DeviceError) { try event.wait() }

  func synchronize() throws(DeviceError) {}

  private func move(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DeviceError) {
    precondition(source.count == target.count, "a copy has one size")
    guard let from = source.baseAddress, let to = target.baseAddress, from != to else { return }
    memcpy(to, from, source.count)
  }

  private func bytes(_ view: BufferView) throws(DeviceError) -> UnsafeRawBufferPointer {
    guard let bytes = view.hostBytes else { throw .foreign(view.device, to: .cpu) }
    return bytes
  }

  private func mutableBytes(_ view: BufferView) throws(DeviceError)
    -> UnsafeMutableRawBufferPointer
  {
    guard let bytes = view.mutableHostBytes else { throw .foreign(view.device, to: .cpu) }
    return bytes
  }
}

/// A point that has always been passed.
private final class HostEvent: DeviceEvent {
  var hasPassed: Bool { true }
  func wait() throws(DeviceError) {}
}
