import Foundation

/// A file that lives as long as a test.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8]) throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("ferry-tensors-\(UUID().uuidString)").path
    try write(bytes)
  }

  deinit { unlink(path) }

  /// Writes the file anew in place: the inode stays.
  func write(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// Puts another file at the path.
  func replace(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  func truncate(to byteCount: Int) { _ = Glibc.truncate(path, off_t(byteCount)) }
}
