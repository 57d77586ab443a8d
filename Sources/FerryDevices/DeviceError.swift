/// A device that could not do what it was asked.
public struct DeviceError: Error, Sendable, CustomStringConvertible {
  /// What went wrong, in terms every driver shares.
  public struct Code: Hashable, Sendable {
    private enum Value: Hashable, Sendable {
      case unavailable, outOfMemory, allocationTooLarge, deviceLost, launchFailed, compileFailed
      case copyFailed, wrongDevice, memoryFault, driver
    }
    private let value: Value

    /// There is no such device, or no driver for it.
    public static let unavailable = Code(value: .unavailable)
    /// The device has no room for the bytes asked for.
    public static let outOfMemory = Code(value: .outOfMemory)
    /// One allocation is larger than the device permits, whatever is free.
    public static let allocationTooLarge = Code(value: .allocationTooLarge)
    /// The device stopped answering; what was on it is gone, host copies are not.
    public static let deviceLost = Code(value: .deviceLost)
    /// A kernel could not be started or failed.
    public static let launchFailed = Code(value: .launchFailed)
    /// A kernel could not be built for the device.
    public static let compileFailed = Code(value: .compileFailed)
    /// Bytes could not be copied.
    public static let copyFailed = Code(value: .copyFailed)
    /// A buffer of one device was handed to another.
    public static let wrongDevice = Code(value: .wrongDevice)
    /// The device's memory or a link failed beyond correction (ECC); what was on it cannot be trusted,
    /// host copies can.
    public static let memoryFault = Code(value: .memoryFault)
    /// Any other error of the driver; `cause` names it.
    public static let driver = Code(value: .driver)
  }

  /// What went wrong.
  public let code: Code
  /// What went wrong, and the remedy.
  public let message: String
  /// The driver's own words or constant (`CL_MEM_OBJECT_ALLOCATION_FAILURE`), where there are any.
  public let cause: String?

  /// An error.
  public init(_ code: Code, _ message: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message, and the driver's words behind it.
  public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}

extension DeviceError {
  /// Something of one device was handed to a stream of another.
  package static func foreign(_ device: Device, to other: Device) -> DeviceError {
    DeviceError(
      .wrongDevice, "a buffer on \(device) was handed to \(other): move it there first")
  }
}
