import CDrivers
import FerryDevices

/// A point of a stream.
final class CUDAEvent: DeviceEvent {
  let context: CUDAContext
  private let object: CUDAObject

  /// Marks the present end of a stream.
  init(_ context: CUDAContext, on stream: CUDAObject) throws(DeviceError) {
    self.context = context
    object = try context.takeEvent()
    let object = self.object
    try context.run(.launch) { $0.EventRecord(object.pointer, stream.pointer) }
  }

  deinit { context.giveBack(object) }

  /// The driver's event.
  var pointer: OpaquePointer { object.pointer }

  /// True too where the device is lost: nothing runs there any more. What cannot be asked has not passed.
  var hasPassed: Bool {
    (try? context.finished(.launch) { $0.EventQuery(pointer) }) ?? context.isLost
  }

  func wait() throws(DeviceError) {
    try context.run(.launch) { $0.EventSynchronize(pointer) }
  }
}
