import CDrivers
import Glibc

/// The device memory of a machine: what is allocated, reserved, created and mapped.
struct DoubleMemory {
  /// Mapped memory comes and goes in pieces of so many bytes.
  static let granularity = 2 << 20
  private static let page = 4096
  /// New memory holds this byte, to the extent that filling it is cheap.
  private static let poison: Int32 = 0xCB
  private static let poisoned = 8 << 20

  /// By start.
  var allocations: [DeviceAddress: PlainAllocation] = [:]
  var reservations: [DeviceAddress: DoubleReservation] = [:]
  var physical: [UInt64: PhysicalMemory] = [:]

  var allocationCount: Int { allocations.count }
  var reservationCount: Int { reservations.count }
  var mappingCount: Int { reservations.values.reduce(0) { $0 + $1.mappings.count } }

  /// Memory that holds something nobody should rely on.
  static func poison(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    memset(start, poison, min(byteCount, poisoned))
  }

  /// What `cuMemAlloc` does beside the account.
  mutating func allocate(_ byteCount: Int, on device: Int) throws(DriverFailure) -> DeviceAddress {
    let size = (byteCount + Self.page - 1) / Self.page * Self.page
    guard let start = BackingPages.reserve(size + Self.page, alignment: Self.page),
      mprotect(start, size, PROT_READ | PROT_WRITE) == 0
    else { throw .outOfMemory }
    Self.poison(start, byteCount)
    let address = DeviceAddress(host: start)
    allocations[address] = PlainAllocation(
      range: DeviceRange(address, count: byteCount), device: device, pages: size + Self.page)
    return address
  }

  /// What `cuMemFree` does beside the account.
  mutating func free(_ address: DeviceAddress) throws(DriverFailure) -> PlainAllocation {
    guard let allocation = allocations.removeValue(forKey: address), let host = address.host
    else { throw .invalidValue }
    BackingPages.release(host, allocation.pages)
    return allocation
  }

  /// Whether all of a range can be used by a device: `cuMemAlloc`'s, or mapped with access.
  func isUsable(_ range: DeviceRange, by device: Int, peers: Set<Int>) -> Bool {
    if let allocation = allocations.values.first(where: { $0.range.contains(range) }) {
      return allocation.device == device || peers.contains(allocation.device)
    }
    return reservations.values.first { $0.range.contains(range) }?
      .isUsable(range, by: device) ?? false
  }

  /// The device whose memory lies at an address.
  func owner(of address: DeviceAddress) -> Int? {
    let range = DeviceRange(address, count: 1)
    if let allocation = allocations.values.first(where: { $0.range.contains(range) }) {
      return allocation.device
    }
    return reservations.values.lazy.compactMap { $0.mapping(at: range) }.first?.memory.device
  }
}

/// Memory of `cuMemAlloc`.
struct PlainAllocation {
  let range: DeviceRange
  let device: Int
  let pages: Int

  /// What the driver's account says: small allocations share pages of the device, large ones do not.
  static func accounted(_ byteCount: Int) -> Int {
    let unit = byteCount < 1 << 20 ? 512 : DoubleMemory.granularity
    return (byteCount + unit - 1) / unit * unit
  }
}

/// Memory of `cuMemCreate`.
final class PhysicalMemory {
  let device: Int
  let byteCount: Int
  let file: Int32
  var isReleased = false
  var mappingCount = 0

  init(device: Int, byteCount: Int, file: Int32) {
    self.device = device
    self.byteCount = byteCount
    self.file = file
  }

  deinit { close(file) }
}
