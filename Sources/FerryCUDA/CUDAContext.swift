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
    var unreleased = CUDAUnreleased()
  }

  /// So many unused events are kept.
  private static let pooledEvents = 256

  init(_ library: CUDALibrary, _ ordinal: CUdevice, index: Int) {
    self.library = library
    self.ordinal = ordinal
    device = .cuda(index)
    mappings = CUDAMappings(ordinal)
  }

  /// Nobody is left whom a failure could be told.
  deinit {
    let (context, events) = state.withLock { ($0.context, $0.events) }
    guard let context else { return }
    _ = insist(context) { call in
      events.reduce(0) { max($0, call.EventDestroy($1.pointer)) }
    }
    _ = library.call.DevicePrimaryCtxRelease(ordinal)
  }

  /// Whether the device is lost to this process.
  var isLost: Bool { state.withLock { $0.loss != nil } }

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
    try judge(status(try opened(), calls), task)
  }

  /// The same for what may also be under way: false where the calls said so.
  func finished(_ task: CUDATask, _ calls: (ferry_cuda) -> CUresult) throws(DeviceError) -> Bool {
    let status = status(try opened(), calls)
    if status == .notReady { return false }
    try judge(status, task)
    return true
  }

  /// Makes calls that end what must not go on; see ``run(_:_:)``.
  func end(_ task: CUDATask, _ calls: (ferry_cuda) -> CUresult) throws(DeviceError) {
    try judge(insist(try opened(), calls), task)
  }

  /// Makes calls that release something, whatever they say: a failure is remembered, but for those of
  /// a lost device.
  func release(_ what: String, _ calls: (ferry_cuda) -> CUresult) {
    guard let context = state.withLock({ $0.context }) else { return }
    remember(insist(context, calls), releasing: what)
  }

  /// What was not released so far, in one error.
  var releaseFailure: DeviceError? { state.withLock { $0.unreleased.error(on: device) } }

  private func remember(_ status: CUDAStatus, releasing what: String) {
    guard status != .success else { return }
    if status.isLoss { note(status.error(.setUp, on: device)) }
    state.withLock { if $0.loss == nil { $0.unreleased.note(what, status) } }
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

  /// Makes calls that nobody makes later: where the context could not be made current they were not
  /// made, and that is tried once more.
  private func insist(_ context: CUDAObject, _ calls: (ferry_cuda) -> CUresult) -> CUDAStatus {
    var wereMade = false
    func tracked(_ call: ferry_cuda) -> CUresult {
      wereMade = true
      return calls(call)
    }
    let status = status(context, tracked)
    return wereMade ? status : self.status(context, tracked)
  }

  /// Makes calls with the context current on this thread, whatever the state of the device.
  private func status(_ context: CUDAObject, _ calls: (ferry_cuda) -> CUresult) -> CUDAStatus {
    let call = library.call
    let pushed = call.CtxPushCurrent(context.pointer)
    guard pushed == 0 else { return CUDAStatus(rawValue: pushed) }
    let status = CUDAStatus(rawValue: calls(call))
    var popped: OpaquePointer?
    remember(CUDAStatus(rawValue: call.CtxPopCurrent(&popped)), releasing: "the current context")
    return status
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
