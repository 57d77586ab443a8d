/// A kernel built for one device.
public protocol DeviceKernel: AnyObject, Sendable {
  /// The function's name.
  var name: String { get }
}

/// The source of one or more kernels in the shared dialect, and the constants it is built with.
///
/// The backend puts its prelude in front; `defines` become `#define`s, so that sizes and types are
/// constants to the compiler. Programs with equal names and defines are built once a device.
public struct KernelProgram: Hashable, Sendable {
  /// The file the source comes from ("linear"), also the name under which compiled images are kept.
  public var name: String
  /// The text of the dialect.
  public var source: String
  /// Constants, by name.
  public var defines: [String: String]

  /// A program.
  public init(name: String, source: String, defines: [String: String] = [:]) {
    self.name = name
    self.source = source
    self.defines = defines
  }
}

extension KernelProgram {
  /// Under what compiled images of the program are kept: its name, and its defines in the order of their
  /// names (`linear GROUP=128 INPUT=f16`). The source belongs to the name.
  public var imageKey: String {
    defines.sorted { $0.key < $1.key }.reduce(name) { "\($0) \($1.key)=\($1.value)" }
  }
}

/// One argument of a kernel, in the order of the kernel's parameters.
public enum KernelArgument: Sendable {
  /// Two parameters of the dialect: `GLOBAL uchar* x, ulong x_offset`.
  case buffer(BufferView)
  /// `int`
  case int32(Int32)
  /// `uint`
  case uint32(UInt32)
  /// `ulong`
  case uint64(UInt64)
  /// `float`
  case float(Float)
}

/// A three-dimensional count of work-groups or threads.
public struct GridSize: Hashable, Sendable {
  /// The counts along each axis; all at least 1.
  public var x: Int, y: Int, z: Int

  /// A count.
  public init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// The product of the three.
  public var count: Int { x * y * z }
}
