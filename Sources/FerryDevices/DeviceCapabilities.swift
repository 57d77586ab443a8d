// What some devices can do beyond the seam's minimum. A backend that cannot says nil, which is the
// default of every question (see DeviceBackend), and whoever asks has a way without.

/// What a driver tells about a device besides its name, memory and limits.
public struct DeviceFacts: Hashable, Sendable {
  /// The architecture that kernels are compiled for, as its driver names it ("sm_90").
  public var architecture: String?
  /// The link to the host.
  public var link: HostLink?
  /// The version of the driver ("580.95", "CUDA 13.0").
  public var driver: String?
  /// How many processors run groups of threads side by side; 0 where unknown.
  public var processorCount: Int
  /// The number of the host's NUMA node that the device is attached to; nil where there is one only.
  public var hostNode: Int?

  /// Facts; unknown ones are left out.
  public init(
    architecture: String? = nil, link: HostLink? = nil, driver: String? = nil,
    processorCount: Int = 0, hostNode: Int? = nil
  ) {
    self.architecture = architecture
    self.link = link
    self.driver = driver
    self.processorCount = processorCount
    self.hostNode = hostNode
  }
}

/// A PCI Express link.
public struct HostLink: Hashable, Sendable, CustomStringConvertible {
  /// The generation: 3, 4, 5, …
  public var generation: Int
  /// The number of lanes.
  public var width: Int

  /// A link.
  public init(generation: Int, width: Int) {
    self.generation = generation
    self.width = width
  }

  /// `PCIe 5 x16`
  public var description: String { "PCIe \(generation) x\(width)" }
}

/// Registers host memory with a driver, so that copies to and from it run at the speed of the link and
/// beside everything else.
public protocol HostPinning: Sendable {
  /// Registers pages that are there already; start and size are multiples of a page. A copy must lie
  /// within one registration. A limit of the system (memlock, control group) is a ``DeviceError``
  /// whose message names the remedy, and nothing stays registered.
  func register(_ memory: UnsafeMutableRawBufferPointer) throws(DeviceError)

  /// Undoes a registration, by its start. No copy from or to it is under way. Never throws:
  /// see ``DeviceBackend/releaseFailure``.
  func unregister(_ memory: UnsafeMutableRawBufferPointer)
}

/// Addresses that stay while the memory behind them comes and goes.
public protocol AddressReservations: Sendable {
  /// Sizes of reservations are rounded up to a multiple of so many bytes by whoever asks.
  var granularity: Int { get }

  /// Reserves `byteCount` bytes of addresses with no memory behind them.
  func reserve(byteCount: Int) throws(DeviceError) -> DeviceHandle

  /// Puts memory behind all of a reservation: really there on return, contents undefined. On failure
  /// there is none behind it.
  func commit(_ handle: DeviceHandle, byteCount: Int) throws(DeviceError)

  /// Gives the memory back to the driver; the addresses stay. Nothing uses the memory any more.
  func decommit(_ handle: DeviceHandle, byteCount: Int)

  /// Gives up the addresses, which have no memory behind them.
  func release(_ handle: DeviceHandle, byteCount: Int)
}

/// Records what is queued on a stream instead of running it, to run it again and again at the cost of
/// one launch.
///
/// Only launches, copies within the device and fills are recorded; addresses and scalars are those of
/// the time of recording. Nothing may be recorded that waits for the host.
public protocol GraphRecording: Sendable {
  /// Begins recording; calls of this stream until ``endRecording()`` are recorded.
  func beginRecording() throws(DeviceError)

  /// Ends recording. After a failed call in between this throws, and the stream is usable again.
  func endRecording() throws(DeviceError) -> any DeviceGraph

  /// Queues a run of a graph recorded on this device.
  func launch(_ graph: any DeviceGraph) throws(DeviceError)
}

/// Recorded work of one device.
public protocol DeviceGraph: AnyObject, Sendable {}

/// Products of large matrices by the device vendor's library, where it is installed.
public protocol VendorProducts: Sendable {
  /// Queues `c = a · bᵀ` on a stream of the device: a is [m, k], b is [n, k], c is [m, n], all dense
  /// and row-major; sums in f32.
  ///
  /// Throws `.unavailable`, with nothing queued, where the library has no way for this product, has
  /// failed at it before, or would have to prepare for it while the stream records: whoever asks has a
  /// kernel of their own. Any other error is the device's.
  func multiply(
    _ a: BufferView, _ b: BufferView, into c: BufferView, shape: ProductShape,
    on stream: any DeviceStream
  ) throws(DeviceError)
}

/// The extents and the element types of a product.
public struct ProductShape: Hashable, Sendable {
  /// The types of matrices.
  public enum Element: String, Hashable, Sendable { case f16, bf16, f32 }

  /// Rows of a and c.
  public var m: Int
  /// Rows of b, columns of c.
  public var n: Int
  /// Columns of a and b.
  public var k: Int
  /// The type of a and b: f16 or bf16.
  public var input: Element
  /// The type of c: the input's, or f32.
  public var output: Element

  /// A product.
  public init(m: Int, n: Int, k: Int, input: Element, output: Element) {
    self.m = m
    self.n = n
    self.k = k
    self.input = input
    self.output = output
  }
}
