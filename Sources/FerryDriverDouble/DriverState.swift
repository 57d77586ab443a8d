import CDrivers
import Glibc

/// All that a driver knows.
///
/// `@unchecked Sendable`: ``DriverDouble`` lets one thread in at a time.
final class DriverState: @unchecked Sendable {
  let machine: DoubleMachine
  let devices: [DoubleDevice]
  var isInitialized = false
  var injection = DoubleInjection()
  /// How much longer calls take, in seconds; other threads' calls go on meanwhile.
  var delays: [DriverEntryPoint: Double] = [:]
  var memory = DoubleMemory()
  var registrations = HostRegistrations()
  var streams: [UInt: DoubleStream] = [:]
  var events: [UInt: DoubleEvent] = [:]
  var graphs: [UInt: DoubleGraph] = [:]
  var executables: [UInt: DoubleGraph] = [:]
  var modules: [UInt: DoubleModule] = [:]
  var functions: [UInt: DoubleFunction] = [:]
  var contextStacks: [UInt: [DoubleContext]] = [:]
  var blas = DoubleBLAS()
  private(set) var misuses: [String] = []

  init(_ machine: DoubleMachine) {
    self.machine = machine
    registrations.limit = machine.registrable
    devices = machine.devices.enumerated().map { DoubleDevice($1, ordinal: $0) }
  }

  /// Notes something that a driver forbids and may not notice.
  func note(_ misuse: String) { misuses.append(misuse) }

  func device(_ ordinal: Int32) throws(DriverFailure) -> DoubleDevice {
    guard isInitialized else { throw .notInitialized }
    guard devices.indices.contains(Int(ordinal)) else { throw .invalidDevice }
    return devices[Int(ordinal)]
  }

  var census: DoubleCensus {
    DoubleCensus(
      allocations: memory.allocationCount, reservations: memory.reservationCount,
      mappings: memory.mappingCount, physicalMemories: memory.physical.count,
      registrations: registrations.count, streams: streams.count, events: events.count,
      graphs: graphs.count + executables.count, modules: modules.count,
      contexts: devices.reduce(0) { $0 + ($1.context?.retainCount ?? 0) },
      blasObjects: blas.count,
      currentContexts: contextStacks.values.reduce(0) { $0 + $1.count },
      bytes: devices.map(\.used))
  }
}

// MARK: - Calls

extension DriverState {
  func perform(
    _ entry: DriverEntryPoint, _ body: (DriverState) throws(DriverFailure) -> Void
  ) throws(DriverFailure) {
    if entry.isUnsafeInCapture { try refuseWhileCapturing() }
    guard let failure = injection.driver.failure(of: entry) else { return try body(self) }
    if failure.breaks, let context = (try? currentContext()) ?? devices.first?.context {
      breakDown(context, with: failure.code)
    }
    if entry == .streamEndCapture { streams.values.forEach { $0.capture?.isInvalid = true } }
    if entry.gives && !failure.keeps || entry == .streamEndCapture { try? body(self) }
    throw DriverFailure(failure.code)
  }

  func perform(
    _ entry: BLASEntryPoint, _ body: (DriverState) throws(BLASFailure) -> Void
  ) throws(BLASFailure) {
    guard let failure = injection.blas.failure(of: entry) else { return try body(self) }
    if entry.gives { try? body(self) }
    throw BLASFailure(failure.code)
  }

  /// A capture in global mode forbids what might wait to all threads, one in a thread's mode to it.
  private func refuseWhileCapturing() throws(DriverFailure) {
    let here = UInt(pthread_self())
    var isRefused = false
    for stream in streams.values {
      guard let capture = stream.capture else { continue }
      guard capture.mode == 0 || (capture.mode == 1 && capture.thread == here) else { continue }
      capture.isInvalid = true
      isRefused = true
    }
    if isRefused { throw .captureUnsupported }
  }
}

// MARK: - Contexts

extension DriverState {
  /// The context that the calling thread works in.
  func currentContext() throws(DriverFailure) -> DoubleContext {
    guard isInitialized else { throw .notInitialized }
    guard let context = contextStacks[UInt(pthread_self())]?.last else { throw .invalidContext }
    guard devices[context.ordinal].context === context else { throw .invalidContext }
    return context
  }

  /// The same, for a call that a broken context refuses.
  func soundContext() throws(DriverFailure) -> DoubleContext {
    let context = try currentContext()
    try context.check()
    return context
  }

  func context(_ handle: OpaquePointer?) throws(DriverFailure) -> DoubleContext {
    let found = devices.lazy.compactMap(\.context).first { $0.token.pointer == handle }
    guard let found else { throw .invalidContext }
    return found
  }
}
