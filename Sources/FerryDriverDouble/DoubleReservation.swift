/// Addresses of `cuMemAddressReserve`, and what is mapped there.
struct DoubleReservation {
  let range: DeviceRange
  var mappings: [MappedMemory] = []

  /// The mapping that holds a range of addresses.
  func mapping(at range: DeviceRange) -> MappedMemory? {
    mappings.first { $0.range.contains(range) }
  }

  /// Whether mappings that a device may use cover a range without a gap.
  func isUsable(_ range: DeviceRange, by device: Int) -> Bool {
    var covered = range.start
    for mapping in mappings.sorted(by: { $0.range.start < $1.range.start })
    where mapping.range.start <= covered && covered < mapping.range.end {
      guard mapping.users.contains(device) else { return false }
      covered = mapping.range.end
    }
    return range.end <= covered
  }

  /// The mappings that make up a range exactly; nil where it cuts one or has a gap.
  func mappings(making range: DeviceRange) -> [MappedMemory]? {
    let found = mappings.filter { $0.range.overlaps(range) }
    guard found.allSatisfy({ range.contains($0.range) }) else { return nil }
    return found.reduce(0) { $0 + $1.range.count } == range.count ? found : nil
  }
}

/// Memory that is mapped to addresses.
struct MappedMemory {
  let range: DeviceRange
  let memory: PhysicalMemory
  /// The devices that may use it.
  var users: Set<Int> = []
}
