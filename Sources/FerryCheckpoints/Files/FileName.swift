import Glibc

/// The name of an entry of a folder, as the system has it: bytes that need not be UTF-8.
struct FileName: Hashable, Sendable, CustomStringConvertible {
  /// The bytes, and a zero behind them.
  let bytes: [CChar]

  /// The name `text`, which holds neither a slash nor a zero.
  init(_ text: String) { bytes = Array(text.utf8CString) }

  /// The name whose bytes, without a zero, are `bytes`.
  init(bytes: some Sequence<CChar>) { self.bytes = bytes + [0] }

  /// The name at a C string.
  init(_ text: UnsafePointer<CChar>) {
    bytes = Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
  }

  /// The name as text; nil if it is not UTF-8.
  var text: String? {
    String(validating: bytes.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The name as people can read it, whatever it is.
  var description: String {
    String(decoding: bytes.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
