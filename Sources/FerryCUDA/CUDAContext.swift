import CDrivers
import FerryDevices
import Synchronization

/// A device's primary context, the one that PyTorch in the same process uses too: retained at its first
/// use and current on a thread only during a call.
///
/// After a fault that the driver does not recover from, every call fails at once with the first error.
final class CUDAContext: Sendable {
  let library: CUDALibrary
  let device: Device
  /// The driver's name for the device, which is its number.
  let ordinal: CUdevice
  let mappings: CUDAMappings
  private let state = Mutex(State())

  private struct State: Sendable {
    var context: CUDAObject?
    var loss: DeviceError?
    /// Events that nobody uses.
    var events: [CUDAObject] = []
  }

  /// So many unused events are kept.
  private static let pooledEvents = 256

  init(_ library: CUDALibrary, _ ordinal: CUdevice, index: Int) {
    self.library = library
    self.ordinal = ordinal
    device = .cuda(index)
    mappings = CUDAMappings(ordinal)
  }

  deinit {
    let (context, events) = state.withLock { ($0.context, $0.events) }
    guard let context else { return }
    _ = Self.status(library, context) { call in
      events.reduce(0) { max($0, call.EventDestroy($1.pointer)) }
    }
    _ = library.call.DevicePrimaryCtxRelease(ordinal)
  }

  /// Throws if the device is lost to this process.
  func check() throws(DeviceError) {
    if let loss = state.withLock({ $0.loss }) { throw loss }
  }

  /// The context, retained by now.
  func opened() throws(DeviceError) -> CUDAObject {
    try state.withLock { (state: inout State) throws(DeviceError) in
      if let loss = state.loss { throw loss }
      if let context = state.context { return context }
      var context: OpaquePointer?
      let status = CUDAStatus(rawValue: library.call.DevicePrimaryCtxRetain(&context, ordinal))
      try status.check(.open, on: device)
      guard let context else { throw CUDAStatus.invalidContext.error(.open, on: device) }
      let object = CUDAObject(context)
      state.context = object
      return object
    }
  }

  /// Makes calls with the context current on this thread.
  func run(_ task: CUDATask, _ calls: (ferry_cuda) -> CUresult) throws(DeviceError) {
    try judge(Self.status(library, try opened(), calls), task)
  }

  /// The same for what may also be under way: false where the calls said so.
  func finished(_ task: CUDATask, _ calls: (ferry_cuda) -> CUresult) throws(DeviceError) -> Bool {
    let status = Self.status(library, try opened(), calls)
    if status == .notReady { return false }
    try judge(status, task)
    return true
  }

  /// Makes calls that release something: nothing can be done about a failure. Those of a lost device
  /// are expected; any other is a fault of this backend.
  func release(_ what: String, _ calls: (ferry_cuda) -> CUresult) {
    guard let context = state.withLock({ $0.context }) else { return }
    let status = Self.status(library, context, calls)
    guard status != .success else { return }
    if status.isLoss { note(status.error(.setUp, on: device)) }
    guard state.withLock({ $0.loss == nil }) else { return }
    assertionFailure("\(device) could not release \(what): \(status)")
  }

  /// Throws what a status says; a loss is kept.
  func judge(_ status: CUDAStatus, _ task: CUDATask) throws(DeviceError) {
    guard status != .success else { return }
    let error = status.error(task, on: device)
    if status.isLoss { note(error) }
    throw state.withLock { $0.loss } ?? error
  }

  private func note(_ loss: DeviceError) {
    state.withLock { $0.loss = $0.loss ?? loss }
  }

  private static func status(
    _ library: CUDALibrary, _ context: CUDAObject, _ calls: (ferry_cuda) -> CUresult
  ) -> CUDAStatus {
    let call = library.call
    let pushed = call.CtxPushCurrent(context.pointer)
    guard pushed == 0 else { return CUDAStatus(rawValue: pushed) }
    defer {
      var popped: OpaquePointer?
      _ = call.CtxPopCurrent(&popped)
    }
    return CUDAStatus(rawValue: calls(call))
  }
}

// MARK: - Events

extension CUDAContext {
  /// An event without timing.
  func takeEvent() throws(DeviceError) -> CUDAObject {
    if let event = state.withLock({ $0.loss == nil ? $0.events.popLast() : nil }) { return event }
    var event: OpaquePointer?
    // CU_EVENT_DISABLE_TIMING
    try run(.setUp) { $0.EventCreate(&event, 2) }
    guard let event else { throw CUDAStatus.invalidValue.error(.setUp, on: device) }
    return CUDAObject(event)
  }

  /// Takes an event back that nobody uses: waits for it that were queued before stay what they are.
  func giveBack(_ event: CUDAObject) {
    let isKept = state.withLock { state in
      guard state.events.count < Self.pooledEvents else { return false }
      state.events.append(event)
      return true
    }
    if !isKept { release("an event") { $0.EventDestroy(event.pointer) } }
  }
}
