import Glibc

/// The name of a directory entry as the system stores it: bytes that need not be UTF-8.
struct FileName: Hashable, Sendable, CustomStringConvertible {
  /// The bytes, followed by a terminating zero.
  let bytes: [CChar]

  /// Creates a name from `text`, which contains neither a slash nor a zero.
  init(_ text: String) { bytes = Array(text.utf8CString) }

  /// Creates a name from `bytes`, which do not include the terminating zero.
  init(bytes: some Sequence<CChar>) { self.bytes = bytes + [0] }

  /// Creates a name from a C string.
  init(_ text: UnsafePointer<CChar>) {
    bytes = Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
  }

  /// The name as text; nil if it is not UTF-8.
  var text: String? {
    String(validating: bytes.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The name in readable form, even if it is not UTF-8.
  var description: String {
    String(decoding: bytes.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
