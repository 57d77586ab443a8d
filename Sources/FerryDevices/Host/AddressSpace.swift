import Glibc

/// The process's limit on address space (`ulimit -v`).
package enum AddressSpace {
  /// Smaller allocations are not checked in advance.
  private static let least = 1 << 20

  /// Throws if the system would refuse to allocate `byteCount` bytes now. For memory that Swift allocates: Swift ends
  /// the process when an allocation fails.
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
