import Glibc

/// The host memory that is registered with the driver.
struct HostRegistrations {
  /// How much may be, in bytes; what a memlock limit leaves.
  var limit = Int.max
  private var ranges: [UInt: Int] = [:]

  var count: Int { ranges.count }

  private static let page: UInt = 4096

  mutating func register(_ start: UInt, _ byteCount: Int) throws(DriverFailure) {
    guard start != 0, byteCount > 0, Self.isMapped(start, byteCount) else { throw .invalidValue }
    guard overlapping(start, byteCount).isEmpty else { throw .alreadyRegistered }
    guard ranges.values.reduce(byteCount, +) <= limit else { throw .outOfMemory }
    ranges[start] = byteCount
  }

  mutating func unregister(_ start: UInt) throws(DriverFailure) -> (isMapped: Bool, count: Int) {
    guard let count = ranges.removeValue(forKey: start) else { throw .notRegistered }
    return (Self.isMapped(start, count), count)
  }

  /// Whether a copy of these bytes needs no staging; fails for one that is only partly registered.
  func isPinned(_ start: UInt, _ byteCount: Int) throws(DriverFailure) -> Bool {
    let found = overlapping(start, byteCount)
    guard let only = found.first else { return false }
    guard found.count == 1, only.start <= start,
      start + UInt(byteCount) <= only.start + UInt(only.count)
    else { throw .invalidValue }
    return true
  }

  private func overlapping(_ start: UInt, _ byteCount: Int) -> [(start: UInt, count: Int)] {
    ranges.filter { $0.key < start + UInt(byteCount) && start < $0.key + UInt($0.value) }
      .map { (start: $0.key, count: $0.value) }
  }

  /// Whether the process has pages there.
  private static func isMapped(_ start: UInt, _ byteCount: Int) -> Bool {
    let first = start / page * page
    let length = Int(start - first) + byteCount
    var residency = [UInt8](repeating: 0, count: (length + Int(page) - 1) / Int(page))
    return mincore(UnsafeMutableRawPointer(bitPattern: first), length, &residency) == 0
  }
}
