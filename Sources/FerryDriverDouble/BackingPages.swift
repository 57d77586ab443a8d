import Glibc

/// Pages of the process that stand for device memory.
enum BackingPages {
  /// Addresses with nothing behind them, from a multiple of `alignment` on.
  static func reserve(_ byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer? {
    let whole = byteCount + alignment
    let address = mmap(
      nil, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let address, address != MAP_FAILED else { return nil }
    let start = (UInt(bitPattern: address) + UInt(alignment) - 1) / UInt(alignment)
    guard let aligned = UnsafeMutableRawPointer(bitPattern: start * UInt(alignment)) else {
      return nil
    }
    let before = aligned - address
    if before > 0 { munmap(address, before) }
    munmap(aligned + byteCount, whole - byteCount - before)
    return aligned
  }

  static func release(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {
    munmap(address, byteCount)
  }

  /// Puts a file's pages there.
  static func map(_ file: Int32, at address: UnsafeMutableRawPointer, _ byteCount: Int) -> Bool {
    mmap(address, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == address
  }

  /// Puts nothing there again.
  static func unmap(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {
    mmap(
      address, byteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0)
  }

  /// A nameless file of so many bytes; nil where the system has none left.
  static func makeFile(_ byteCount: Int) -> Int32? {
    let name = "/ferry-double-\(getpid())-\(DoubleToken().rawValue)"
    let file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard file >= 0 else { return nil }
    shm_unlink(name)
    guard ftruncate(file, byteCount) == 0 else {
      close(file)
      return nil
    }
    return file
  }
}
