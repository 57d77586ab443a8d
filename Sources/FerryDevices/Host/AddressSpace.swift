import Glibc

/// What the system lets this process address (`ulimit -v`).
package enum AddressSpace {
  /// Less than this is not asked for beforehand.
  private static let least = 1 << 20

  /// Throws where the system would refuse `byteCount` bytes now: for memory that Swift takes, which ends the process where
  /// it is refused.
  package static func check(_ byteCount: Int) throws(DeviceError) {
    guard byteCount >= least else { return }
    let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else {
      throw DeviceError(
        .outOfMemory,
        "the system refused \(byteCount) bytes: release something or raise its limits",
        cause: String(cString: strerror(errno)))
    }
    munmap(start, byteCount)
  }
}
