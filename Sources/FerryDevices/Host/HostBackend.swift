import Glibc
import Synchronization

/// The process's own memory, as a device: anonymous pages that `free` really gives back.
///
/// It has no kernels: what runs on the host runs through FerryOperations' host operations.
public final class HostBackend: DeviceBackend {
  /// `cpu`.
  public let device = Device.cpu
  /// The processor's model name.
  public let name: String
  /// Any size the address space holds; pages.
  public let limits: DeviceLimits
  private let admissions = Mutex(Admissions())

  private struct Admissions {
    /// What may be allocated without another look at the system's figures.
    var credit = 0
    /// What was admitted and has no pages yet, so that the figures count it as free.
    var pending = 0
  }

  /// Kept free for everybody else when an allocation is judged.
  private static let margin = 64 << 20
  /// How much may be allocated on the word of one look at the system's figures.
  private static let largestCredit = 32 << 20

  /// The host.
  public init() {
    name = HostFigures.processorName()
    limits = DeviceLimits(
      maximumAllocation: 1 << 46, alignment: PageSize.bytes, maximumGroupSize: 1,
      freesInOrder: true)
  }

  /// The machine's memory or the control group's limit, whichever is smaller, and what is available
  /// of it without swapping.
  public func memory() throws(DeviceError) -> DeviceMemory { try HostFigures.memory() }

  /// Maps zeroed pages and touches them all.
  public func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle {
    precondition(byteCount > 0, "an allocation has at least one byte")
    guard byteCount <= limits.maximumAllocation else {
      throw DeviceError(
        .allocationTooLarge, "no address space holds \(ByteCount(bytes: byteCount)): ask for less")
    }
    let size = PageSize.rounding(byteCount)
    try admissions.withLock { (admissions: inout Admissions) throws(DeviceError) in
      try admit(size, &admissions)
      admissions.pending += size
    }
    return try map(size)
  }

  /// Unmaps the pages.
  public func free(_ handle: DeviceHandle, byteCount: Int) {
    let size = PageSize.rounding(byteCount)
    let status = munmap(UnsafeMutableRawPointer(bitPattern: handle.rawValue), size)
    assert(status == 0, "munmap of \(handle) failed: \(errno)")
  }

  /// A stream whose calls have finished when they return.
  public func makeStream() throws(DeviceError) -> any DeviceStream { HostStream() }

  /// Always an error: the host runs no kernels.
  public func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel
  {
    throw DeviceError(
      .unavailable,
      "the host builds no kernels (\(name) of \(program.name)): it computes through FerryOperations"
    )
  }

  /// Refuses what the system could only grant by killing somebody.
  private func admit(_ size: Int, _ admissions: inout Admissions) throws(DeviceError) {
    guard size > admissions.credit else {
      admissions.credit -= size
      return
    }
    let report = try memory()
    let spare = (report.free ?? report.total) - Self.margin - admissions.pending
    guard size <= spare else {
      let sizes = ByteCount.spelled(size, max(spare, 0))
      throw DeviceError(
        .outOfMemory,
        "\(sizes[0]) do not fit into the host's memory, of which \(sizes[1]) are free: "
          + "release something or use a smaller model")
    }
    admissions.credit = min(Self.largestCredit, (spare - size) / 8)
  }

  /// Maps pages that were admitted, and touches them, beside others who do.
  private func map(_ size: Int) throws(DeviceError) -> DeviceHandle {
    let touched = Atomic(0)
    defer { settle(size - touched.load(ordering: .relaxed)) }
    guard let address = HostPages.map(size) else { throw Self.refused(size, errno) }
    let failure = HostPages.populate(address, size) { count in
      touched.add(count, ordering: .relaxed)
      settle(count)
    }
    guard failure == 0 else {
      munmap(address, size)
      throw Self.refused(size, failure)
    }
    return DeviceHandle(rawValue: UInt(bitPattern: address))
  }

  private func settle(_ size: Int) { admissions.withLock { $0.pending -= size } }

  private static func refused(_ size: Int, _ code: Int32) -> DeviceError {
    DeviceError(
      .outOfMemory,
      "the system refused \(ByteCount(bytes: size)): release something or raise its limits",
      cause: String(cString: strerror(code)))
  }
}
