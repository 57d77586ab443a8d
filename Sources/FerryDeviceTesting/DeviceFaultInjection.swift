public import FerryDevices
import Glibc
import Synchronization

/// A backend that does what another does, until it is told to fail.
///
///     let backend = FaultInjectingBackend(HostBackend())
///     backend.fail(.allocation, number: 3)    // the third from now on, once
///     backend.flipByte(17, ofUpload: 1)       // the next upload damages a byte
///     …
///     #expect(backend.liveBytes == 0 && backend.misuses.isEmpty)
///
/// It counts calls and keeps an account of its own of every allocation.
public final class FaultInjectingBackend: DeviceBackend {
  /// What does the work.
  public let inner: any DeviceBackend
  /// The inner backend's, but for what `init` changed.
  public let limits: DeviceLimits
  /// The inner backend's.
  public let device: Device
  private let memoryLimit: Int?
  private let addedReservations: (any AddressReservations)?
  private let addedPinning: (any HostPinning)?
  private let replacedFacts: DeviceFacts?
  let faults = Mutex(DeviceFaults())

  /// Wraps `inner`.
  ///
  /// `memoryLimit` bytes are all it has, `maximumAllocation` and `freesInOrder` replace the inner
  /// limits: a context of a backend that does not free in order defers releases itself. An inner
  /// backend without stable addresses or registration may be given some, and any may be given facts.
  public init(
    _ inner: any DeviceBackend, memoryLimit: Int? = nil, maximumAllocation: Int? = nil,
    freesInOrder: Bool? = nil, reservations: (any AddressReservations)? = nil,
    pinning: (any HostPinning)? = nil, facts: DeviceFacts? = nil
  ) {
    self.inner = inner
    self.memoryLimit = memoryLimit
    addedReservations = reservations
    addedPinning = pinning
    replacedFacts = facts
    device = inner.device
    var limits = inner.limits
    limits.maximumAllocation = maximumAllocation ?? limits.maximumAllocation
    limits.freesInOrder = freesInOrder ?? limits.freesInOrder
    self.limits = limits
  }

  /// The hardware's, marked.
  public var name: String { "\(inner.name), with faults" }

  /// The inner memory, or less.
  public func memory() throws(DeviceError) -> DeviceMemory {
    let memory = try inner.memory()
    guard let memoryLimit else { return memory }
    let free = max(0, memoryLimit - liveBytes)
    return DeviceMemory(
      total: min(memory.total, memoryLimit), free: memory.free.map { min($0, free) })
  }

  /// Allocates, unless it is to fail.
  public func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    try enter(.allocation)
    guard byteCount <= limits.maximumAllocation else {
      throw DeviceError(.allocationTooLarge, "\(byteCount) bytes are more than the test allows")
    }
    try admit(byteCount)
    let handle = try inner.allocate(byteCount: byteCount)
    faults.withLock { $0.allocated(handle, byteCount) }
    return handle
  }

  /// Frees what is allocated; anything else becomes one of ``misuses``.
  public func free(_ handle: DeviceHandle, byteCount: Int) {
    guard faults.withLock({ $0.freed(handle, byteCount) }) else { return }
    inner.free(handle, byteCount: byteCount)
  }

  /// A stream that fails when told so.
  public func makeStream() throws(DeviceError) -> any DeviceStream {
    FaultInjectingStream(try inner.makeStream(), self)
  }

  /// The inner backend's kernel.
  public func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    try inner.kernel(named: name, in: program)
  }

  /// What was given, or the inner backend's.
  public var facts: DeviceFacts { replacedFacts ?? inner.facts }

  /// What was given or is the inner backend's, counted.
  public var pinning: (any HostPinning)? {
    (addedPinning ?? inner.pinning).map { FaultInjectingPinning(inner: $0, backend: self) }
  }

  /// What was given or is the inner backend's, counted.
  public var reservations: (any AddressReservations)? {
    (addedReservations ?? inner.reservations).map {
      FaultInjectingReservations(inner: $0, backend: self)
    }
  }

  /// The inner backend's.
  public var vendorProducts: (any VendorProducts)? { inner.vendorProducts }

  /// The inner backend's answer.
  public func copiesDirectly(with peer: Device) -> Bool { inner.copiesDirectly(with: peer) }

  /// The inner backend's.
  public var releaseFailure: DeviceError? { inner.releaseFailure }

  /// Refuses what exceeds the memory of the test.
  func admit(_ byteCount: Int) throws(DeviceError) {
    if let memoryLimit, liveBytes + byteCount > memoryLimit {
      throw DeviceError(.outOfMemory, "the test leaves no room for \(byteCount) bytes")
    }
  }

  func enter(_ call: DeviceCall) throws(DeviceError) {
    let (delay, error) = faults.withLock { ($0.delays[call], $0.enter(call)) }
    if let delay { usleep(UInt32(delay / .microseconds(1))) }
    if let error { throw error }
  }
}

// MARK: - Faults

extension FaultInjectingBackend {
  /// Makes the `number`-th call of this kind from now on (1: the next) fail, once or, with
  /// `repeatedly`, it and all after it.
  ///
  /// The error is what a driver would say: out of memory for an allocation, a failed copy or launch
  /// for the rest; or `error`.
  public func fail(
    _ call: DeviceCall, number: Int = 1, repeatedly: Bool = false, with error: DeviceError? = nil
  ) {
    precondition(number > 0, "calls are numbered from 1")
    let error = error ?? DeviceError(Self.code(of: call), "the test makes this \(call) fail")
    faults.withLock { $0.add(call, passes: number - 1, repeats: repeatedly, error) }
  }

  /// Makes the `number`-th upload from now on change all bits of its byte at `offset`, silently.
  public func flipByte(_ offset: Int, ofUpload number: Int = 1) {
    precondition(number > 0, "calls are numbered from 1")
    faults.withLock { $0.addFlip(passes: number - 1, offset: offset) }
  }

  /// Forgets all faults that have not happened.
  public func clearFaults() { faults.withLock { $0.clear() } }

  /// How long every upload and download takes at least.
  public var copyDelay: Duration {
    get { faults.withLock { $0.copyDelay } }
    set { faults.withLock { $0.copyDelay = newValue } }
  }

  /// Makes every call of this kind take so much longer.
  public func delay(_ call: DeviceCall, by duration: Duration) {
    faults.withLock { $0.delays[call] = duration }
  }

  /// Calls `watch` before every upload, with its bytes, on the thread that uploads; the upload waits until it returns.
  public func watchUploads(_ watch: @escaping @Sendable (_ byteCount: Int) -> Void) {
    faults.withLock { $0.uploadWatch = watch }
  }

  /// While true, no event passes, as if the device were busy; who waits for one waits until it is
  /// false again.
  public var holdsEvents: Bool {
    get { faults.withLock { $0.holdsEvents } }
    set { faults.withLock { $0.holdsEvents = newValue } }
  }

  private static func code(of call: DeviceCall) -> DeviceError.Code {
    switch call {
    case .allocation, .reservation, .commitment: .outOfMemory
    case .registration: .driver
    case .upload, .download, .copy, .fill: .copyFailed
    case .checksum, .launch: .launchFailed
    }
  }
}

// MARK: - Account

extension FaultInjectingBackend {
  /// How many calls of this kind there were, failed ones included.
  public func count(of call: DeviceCall) -> Int { faults.withLock { $0.counts[call] ?? 0 } }

  /// Allocations that have not been freed.
  public var liveAllocations: Int { faults.withLock { $0.live.count } }

  /// Their bytes, and those behind reserved addresses.
  public var liveBytes: Int {
    faults.withLock { $0.live.values.reduce(0, +) + $0.addresses.committedByteCount }
  }

  /// Reservations of addresses that have not been given up.
  public var liveReservations: Int { faults.withLock { $0.addresses.reserved.count } }

  /// Bytes of host memory that are registered.
  public var registeredBytes: Int { faults.withLock { $0.registrations.byteCount } }

  /// Bytes that were copied so far between the device and registered host memory.
  public var pinnedBytes: Int { faults.withLock { $0.pinnedBytes } }

  /// What was done to memory that should not be: double frees, wrong sizes, copies across two
  /// registrations.
  public var misuses: [String] { faults.withLock { $0.misuses } }
}
