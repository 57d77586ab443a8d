import FerryCheckpoints
public import FerryDevices
import FerryOperations
import FerryResidency
import Synchronization

/// The devices of this machine, and what can be done with models on them.
///
/// An engine opens a device at its first use and keeps it open. One engine a process is enough; models of
/// different engines do not share devices' accounts.
public final class Engine: Sendable {
  /// The version of this package.
  public static let version = "0.1.0"

  private let drivers: Drivers
  private let contexts = Mutex<[Device: DeviceContext]>([:])
  private let hostOperations = Mutex<(any Operations)?>(nil)
  private let sharedMover = Mutex<Mover?>(nil)
  private let pinnedMemory: MemoryAmount
  private let threads: Mutex<Int?>

  /// An engine over the host and every device that a driver of this machine offers. Drivers are asked when
  /// another device than the host is.
  ///
  /// - Parameters:
  ///   - pinnedMemory: How much host memory may be registered with drivers: host images that do not fit
  ///     stay pageable or mapped.
  ///   - threads: How many threads compute on the host, from 1 on; nil: one for each processor that the process
  ///     may use. Results do not depend on it.
  public convenience init(pinnedMemory: MemoryAmount = .share(0.5), threads: Int? = nil) {
    self.init(drivers: Drivers(), pinnedMemory, threads)
  }

  /// An engine over these devices, the host among them.
  public convenience init(
    backends: [any DeviceBackend], absent: [AbsentBackend] = [],
    pinnedMemory: MemoryAmount = .share(0.5), threads: Int? = nil
  ) {
    self.init(drivers: Drivers(backends: backends, absent: absent), pinnedMemory, threads)
  }

  private init(drivers: Drivers, _ pinnedMemory: MemoryAmount, _ threads: Int?) {
    precondition(threads ?? 1 > 0, "at least one thread computes")
    self.drivers = drivers
    self.pinnedMemory = pinnedMemory
    self.threads = Mutex(threads)
  }

  /// The devices that are there, the host first.
  public func devices() throws -> [DeviceSummary] {
    try drivers.backends.map { backend in
      let memory = try backend.memory()
      return DeviceSummary(
        device: backend.device, name: backend.name, totalBytes: memory.total,
        freeBytes: memory.free, facts: backend.facts)
    }
  }

  /// Removes from the disk what this process was writing and has not finished: for a thread that waits for
  /// SIGINT and then ends the process.
  public static func removeUnfinishedFiles() { PendingFiles.removeAll() }

  /// What drivers did not take back of their devices, an error a device; none where all is well. The room is
  /// lost until the process ends, models and moves are not affected.
  public func releaseFailures() -> [DeviceError] { drivers.asked.compactMap(\.releaseFailure) }

  /// The drivers that are not there, and why.
  public func absentBackends() -> [AbsentBackend] { drivers.absent }

  /// The device `device` in use: its streams and its account.
  public func context(for device: Device) throws(DeviceError) -> DeviceContext {
    let result = contexts.withLock { contexts in
      Result { () throws(DeviceError) in
        if let context = contexts[device] { return context }
        guard let backend = drivers.backend(of: device) else { throw absence(of: device) }
        let context = try DeviceContext(backend)
        contexts[device] = context
        return context
      }
    }
    return try result.get()
  }

  /// The same engine, which from its first work on the host on uses so many threads there; nil: as many as it
  /// was made for.
  package func computing(onThreads count: Int?) -> Engine {
    if let count { threads.withLock { $0 = count } }
    return self
  }

  /// The operations of a device. Those of the host, with their threads, are made once; a device's hold scratch
  /// memory there and live as long as their user.
  func operations(for context: DeviceContext) throws -> any Operations {
    guard context.device == .cpu else { return try OperationsFactory.make(for: context) }
    return try hostOperations.withLock { shared in
      let operations =
        try shared ?? OperationsFactory.make(for: context, threads: threads.withLock { $0 })
      shared = operations
      return operations
    }
  }

  /// What moves of this engine share.
  func mover() throws(DeviceError) -> Mover {
    let host = try context(for: .cpu)
    return sharedMover.withLock { shared in
      let mover =
        shared ?? Mover(host: host, pins: HostPins(budget: PinnedBudget(pinnedMemory)))
      shared = mover
      return mover
    }
  }

  private func absence(of device: Device) -> DeviceError {
    let present = drivers.backends.map(\.device.description).joined(separator: ", ")
    let missing = drivers.absent.first { $0.backend == device.backend }
    let reason = missing.map { " (\($0.reason))" } ?? ""
    return DeviceError(
      .unavailable, "there is no device \(device)\(reason); this machine has \(present)")
  }
}

/// A device that is there.
public struct DeviceSummary: Sendable {
  /// The name under which it is asked for.
  public let device: Device
  /// The name of the hardware.
  public let name: String
  /// Its memory in bytes.
  public let totalBytes: Int
  /// What no process uses of it; nil where the driver does not tell.
  public let freeBytes: Int?
  /// What its driver tells besides: architecture, link, version.
  public let facts: DeviceFacts
}

/// A driver that is not there.
public struct AbsentBackend: Sendable {
  /// The driver.
  public let backend: Device.Backend
  /// Why it offers no device.
  public let reason: String

  /// An absence.
  public init(backend: Device.Backend, reason: String) {
    self.backend = backend
    self.reason = reason
  }
}
