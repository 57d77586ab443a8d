/// One physical device behind a driver: the seam that a new kind of device implements.
///
/// A backend owns no policy: it hands out memory, streams and kernels and reports errors in
/// ``DeviceError``'s terms. Everything else (accounting, retained slabs, deferred release) is
/// ``DeviceContext``'s. `FerryDeviceTesting` ships the suite that every backend must pass.
public protocol DeviceBackend: AnyObject, Sendable {
  /// The name under which the device is asked for.
  var device: Device { get }
  /// The name of the hardware, as its driver gives it.
  var name: String { get }
  /// What the device permits.
  var limits: DeviceLimits { get }

  /// How much memory the device has, and how much is free where its driver tells.
  func memory() throws(DeviceError) -> DeviceMemory

  /// Allocates `byteCount` > 0 bytes that are really there on return, so that out-of-memory appears
  /// here and not at first use. The contents are undefined.
  func allocate(byteCount: Int) throws(DeviceError) -> DeviceHandle

  /// Gives an allocation back to the driver. Never throws: see ``releaseFailure``.
  func free(_ handle: DeviceHandle, byteCount: Int)

  /// Makes an in-order queue of work.
  func makeStream() throws(DeviceError) -> any DeviceStream

  /// Builds (or finds built) a kernel of `program`. Compiled programs are cached by the backend.
  func kernel(named name: String, in program: KernelProgram) throws(DeviceError)
    -> any DeviceKernel

  /// What the driver tells besides; see the type's defaults.
  var facts: DeviceFacts { get }
  /// Registration of host memory; nil where copies gain nothing from it.
  var pinning: (any HostPinning)? { get }
  /// Stable addresses; nil where the driver has none.
  var reservations: (any AddressReservations)? { get }
  /// The vendor's matrix products; nil where there are none.
  var vendorProducts: (any VendorProducts)? { get }
  /// Whether a stream of this device copies from and to views of `peer` without the host's help
  /// (``DeviceStream/copy(_:to:)``).
  func copiesDirectly(with peer: Device) -> Bool
  /// What the driver would not take back of this device so far, in one error; nil where it took
  /// everything.
  ///
  /// Whoever gives something back has no use for an error, and nothing but the end of the process helps:
  /// so giving back never throws, and this tells. What a lost device does not take back is part of its
  /// loss.
  var releaseFailure: DeviceError? { get }
}

extension DeviceBackend {
  /// Nothing is known.
  public var facts: DeviceFacts { DeviceFacts() }
  /// None.
  public var pinning: (any HostPinning)? { nil }
  /// None.
  public var reservations: (any AddressReservations)? { nil }
  /// None.
  public var vendorProducts: (any VendorProducts)? { nil }
  /// It does not.
  public func copiesDirectly(with peer: Device) -> Bool { false }
  /// It took everything.
  public var releaseFailure: DeviceError? { nil }
}

/// A driver's name for an allocation: an address (host, CUDA) or a `cl_mem` (OpenCL).
public struct DeviceHandle: Hashable, Sendable {
  /// The address, or the pointer that is the handle.
  public let rawValue: UInt
  /// A handle.
  public init(rawValue: UInt) { self.rawValue = rawValue }
}

/// What a device permits.
public struct DeviceLimits: Hashable, Sendable {
  /// The largest single allocation in bytes.
  public var maximumAllocation: Int
  /// The alignment of an allocation's start in bytes: at least 64.
  public var alignment: Int
  /// The largest work-group (CUDA: block) a kernel may be launched with.
  public var maximumGroupSize: Int
  /// Whether `free` is safe while queued work still uses the memory (the driver counts references).
  public var freesInOrder: Bool
  /// How many threads of a group run in lockstep, a power of two: 1 on a processor, whose vector
  /// unit a single thread uses, 32 on most others. Kernels put so many threads on one row.
  public var lockstepWidth: Int
  /// Whether kernels compute with subnormal f32 numbers instead of flushing them to zero; the exact bytes
  /// of quantized weights need it.
  public var keepsSubnormals: Bool
  /// Whether programs are built from their source; else only those that images were made of before
  /// (see `CDeviceKernels`).
  public var compilesSource: Bool
  /// Whether groups of 32 threads multiply tiles of matrices together (tensor cores), so that sources
  /// may use the dialect's collective words.
  public var hasMatrixUnits: Bool

  /// Limits.
  public init(
    maximumAllocation: Int, alignment: Int, maximumGroupSize: Int, freesInOrder: Bool,
    lockstepWidth: Int = 1, keepsSubnormals: Bool = true, compilesSource: Bool = true,
    hasMatrixUnits: Bool = false
  ) {
    self.maximumAllocation = maximumAllocation
    self.alignment = alignment
    self.maximumGroupSize = maximumGroupSize
    self.freesInOrder = freesInOrder
    self.lockstepWidth = lockstepWidth
    self.keepsSubnormals = keepsSubnormals
    self.compilesSource = compilesSource
    self.hasMatrixUnits = hasMatrixUnits
  }
}

/// A device's memory in bytes.
public struct DeviceMemory: Hashable, Sendable {
  /// All of it.
  public var total: Int
  /// What no process uses; nil where the driver does not tell (OpenCL).
  public var free: Int?

  /// A report.
  public init(total: Int, free: Int?) {
    self.total = total
    self.free = free
  }
}
