/// An in-order queue of copies and kernels on one device.
///
/// Calls enqueue and return; `synchronize` waits. Memory handed to a call must stay valid until an
/// event recorded after it has passed. Any thread may call at any time; calls of one thread are in
/// the order they were made. A count of zero bytes is allowed everywhere and does nothing; a view of
/// another device is a ``DeviceError/Code/wrongDevice``.
public protocol DeviceStream: AnyObject, Sendable {
  /// Copies host bytes to the device.
  func upload(_ source: UnsafeRawBufferPointer, to target: BufferView) throws(DeviceError)

  /// Copies device bytes to the host.
  func download(_ source: BufferView, to target: UnsafeMutableRawBufferPointer)
    throws(DeviceError)

  /// Copies bytes within the device; the ranges do not overlap. One of the two may be on a device that
  /// this one's backend ``DeviceBackend/copiesDirectly(with:)``.
  func copy(_ source: BufferView, to target: BufferView) throws(DeviceError)

  /// Sets every byte of the target.
  func fill(_ target: BufferView, with byte: UInt8) throws(DeviceError)

  /// The ``Checksum`` of `ranges`, in their order, computed where the bytes lie. Waits for it.
  func checksum(_ ranges: [BufferView]) throws(DeviceError) -> UInt64

  /// Starts `groups` work-groups of `groupSize` threads each.
  func launch(
    _ kernel: any DeviceKernel, groups: GridSize, groupSize: GridSize,
    _ arguments: [KernelArgument]
  ) throws(DeviceError)

  /// Marks this point of the stream.
  func record() throws(DeviceError) -> any DeviceEvent

  /// Makes later work of this stream wait for an event of any stream of the same device.
  func wait(for event: any DeviceEvent) throws(DeviceError)

  /// Waits until all work so far is done, and reports its first failure.
  func synchronize() throws(DeviceError)

  /// Recording of this stream's work; nil where the driver has none.
  var recording: (any GraphRecording)? { get }
}

extension DeviceStream {
  /// None.
  public var recording: (any GraphRecording)? { nil }
}

/// A point in a stream.
public protocol DeviceEvent: AnyObject, Sendable {
  /// Whether the stream has passed the point.
  var hasPassed: Bool { get }
  /// Waits until the stream has passed the point.
  func wait() throws(DeviceError)
}
