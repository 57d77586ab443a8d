/// A range of bytes on a device, and a share in whatever keeps them there.
///
/// On the host the bytes are at `handle + offset`; elsewhere the pair is the driver's to interpret.
/// A view may start at any byte: checkpoints owe nobody alignment.
public struct BufferView: Sendable {
  /// Where the bytes are.
  public let device: Device
  /// What keeps them alive.
  public let owner: any MemoryOwner
  /// The driver's name for the memory.
  public let handle: DeviceHandle
  /// Where in that memory the range starts, in bytes.
  public let offset: Int
  /// How long the range is, in bytes.
  public let byteCount: Int

  /// A range of `owner`'s memory.
  public init(
    device: Device, owner: any MemoryOwner, handle: DeviceHandle, offset: Int, byteCount: Int
  ) {
    self.device = device
    self.owner = owner
    self.handle = handle
    self.offset = offset
    self.byteCount = byteCount
  }

  /// The bytes of this range from `start` on.
  public subscript(start: Int, count count: Int) -> BufferView {
    precondition(start >= 0 && count >= 0 && start <= byteCount - count, "view out of range")
    return BufferView(
      device: device, owner: owner, handle: handle, offset: offset + start, byteCount: count)
  }

  /// The bytes themselves, for a range on the host; nil elsewhere. Valid while `owner` lives.
  public var hostBytes: UnsafeRawBufferPointer? {
    guard device == .cpu else { return nil }
    return UnsafeRawBufferPointer(
      start: UnsafeRawPointer(bitPattern: handle.rawValue + UInt(offset)), count: byteCount)
  }

  /// The bytes themselves for writing, for a range on the host that is not a mapped file.
  public var mutableHostBytes: UnsafeMutableRawBufferPointer? {
    hostBytes.map { UnsafeMutableRawBufferPointer(mutating: $0) }
  }
}

/// Something whose life keeps memory valid: an ``Allocation``, or a mapped file.
public protocol MemoryOwner: AnyObject, Sendable {}
