import CDeviceKernels
import Glibc

/// An image that a program gives to the driver.
struct DoubleImage {
  let start: UnsafeRawPointer

  init(_ start: UnsafeRawPointer) { self.start = start }

  /// The key under which `CDeviceKernels` has it: that of this process, or the copy in a program that has loaded
  /// the double as a library. nil for what is no image of ours.
  var key: String? {
    if let key = ferry_kernel_image_key(start) { return String(cString: key) }
    guard let size, let key = ferry_kernel_image_key_of_copy(start, size) else { return nil }
    return String(cString: key)
  }

  /// The image's size in bytes: native code is an ELF file of 64 bits, which ends with its table of sections or
  /// of segments, and PTX is a text; nil for what begins like neither.
  private var size: Int? {
    if memcmp(start, "\u{7F}ELF", 4) == 0 {
      return max(
        end(of: table(at: 0x20), count: 0x38, entry: 0x36),
        end(of: table(at: 0x28), count: 0x3C, entry: 0x3A))
    }
    let text = start.assumingMemoryBound(to: CChar.self)
    return memcmp(start, "//", 2) == 0 ? strlen(text) + 1 : nil
  }

  private func table(at offset: Int) -> Int {
    Int(start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private func end(of table: Int, count: Int, entry: Int) -> Int {
    let count = Int(start.loadUnaligned(fromByteOffset: count, as: UInt16.self))
    return table + count * Int(start.loadUnaligned(fromByteOffset: entry, as: UInt16.self))
  }
}
