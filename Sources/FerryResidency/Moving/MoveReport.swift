public import FerryDevices
public import FerryTensors

/// What one move did and what it cost.
public struct MoveReport: Sendable {
  /// The bytes held on one device, retained ones counted as used, before and after.
  public struct Account: Hashable, Sendable {
    /// Before the move.
    public let bytesBefore: Int
    /// After it.
    public let bytesAfter: Int
  }

  /// Where the weights were.
  public let from: Device
  /// Where they are.
  public let to: Device
  /// The bytes that were copied, padding not counted, attached states included.
  public let bytes: Int
  /// How long the move took, from the first reservation to the last release, waiting for steps not
  /// counted.
  public let seconds: Double
  /// How much of that went into making memory on the target device.
  public let allocationSeconds: Double
  /// How much of it host memory was being made and registered with a driver: once in the life of a
  /// model.
  public let pinningSeconds: Double
  /// How much of it went into the copies; waiting for host memory that was not registered yet is no part
  /// of it.
  public let copySeconds: Double
  /// How much of ``pinningSeconds`` went on beside the copies: what was registered first was copied while
  /// the rest was being registered. Allocation, pinning and copies together take so much less than the
  /// sum of the three.
  public let overlapSeconds: Double
  /// The rate of the copies alone as a part of the link's measured raw rate; nil where nothing was
  /// copied or the rate is not known.
  public let linkFraction: Double?
  /// The account of the device the weights left.
  public let source: Account
  /// The account of the device they are on.
  public let target: Account
  /// One number over the checksums of all segments, where the move was verified.
  public let checksum: UInt64?
  /// How the host holds the weights now; nil where it does not.
  public let hostStorage: WeightImage.Storage?
  /// The bytes of the host image that are in memory registered with a driver: all of them where
  /// ``hostStorage`` is pinned, fewer where the system or the driver refused the rest.
  public let hostPinnedBytes: Int
  /// Why the host copy that was kept could not be used any more, where that happened; the bytes then
  /// came from the device.
  public let hostCopyFailure: TensorError?
  /// Why the host image, or some of it (see ``hostPinnedBytes``), is not in registered memory, where
  /// ``MoveOptions/HostCopy/pinned`` asked for it: those weights then moved by way of the staging ring.
  public let hostPinningFailure: DeviceError?

  /// The rate in 10⁹ bytes a second; 0 where nothing was copied.
  public var gbPerSecond: Double {
    bytes == 0 || seconds == 0 ? 0 : Double(bytes) / seconds / 1e9
  }
}
