import Glibc

/// The system's page.
enum PageSize {
  static let bytes = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// The smallest multiple of a page that holds `byteCount` bytes.
  static func rounding(_ byteCount: Int) -> Int { (byteCount + bytes - 1) / bytes * bytes }
}

/// Making pages real.
enum HostPages {
  /// `MADV_POPULATE_WRITE` (Linux 5.14).
  private static let populateWrite: Int32 = 23

  /// Has the kernel put memory behind every page; returns 0 or the error number.
  static func populate(_ address: UnsafeMutableRawPointer, _ size: Int) -> Int32 {
    if madvise(address, size, populateWrite) == 0 { return 0 }
    guard errno == EINVAL || errno == ENOSYS else { return errno }
    for offset in stride(from: 0, to: size, by: PageSize.bytes) {
      address.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
    return 0
  }
}
