/// An address on a device: that of the host page behind it, moved where no host address can be, so that
/// a program that reads through one crashes.
struct DeviceAddress: Hashable, Comparable {
  let rawValue: UInt64

  private static let distance: UInt64 = 1 << 52

  init(_ rawValue: UInt64) { self.rawValue = rawValue }

  init(host: UnsafeMutableRawPointer) {
    rawValue = UInt64(UInt(bitPattern: host)) + Self.distance
  }

  /// The page's address in this process.
  var host: UnsafeMutableRawPointer? {
    guard rawValue > Self.distance else { return nil }
    return UnsafeMutableRawPointer(bitPattern: UInt(rawValue - Self.distance))
  }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  static func + (address: Self, byteCount: Int) -> DeviceAddress {
    DeviceAddress(address.rawValue &+ UInt64(byteCount))
  }
}

/// Some bytes on a device.
struct DeviceRange: Hashable {
  let start: DeviceAddress
  let count: Int

  init(_ start: DeviceAddress, count: Int) {
    self.start = start
    self.count = count
  }

  var end: DeviceAddress { start + count }

  func overlaps(_ other: DeviceRange) -> Bool { start < other.end && other.start < end }

  func contains(_ other: DeviceRange) -> Bool { start <= other.start && other.end <= end }
}
