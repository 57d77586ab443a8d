import Glibc

/// A file or folder that is being written beside its destination, under a name that only Ferry uses.
///
/// The process holds a lock on it, which the system releases when the process ends in any way: an unlocked temporary is
/// abandoned, and the next process that writes into the folder removes it. Process IDs would not work, because
/// processes on another machine or in another container may write to the same folder.
final class Temporary: Sendable {
  let folder: FolderHandle
  let name: FileName
  /// The temporary itself, open and locked.
  let descriptor: Int32

  /// Creates an empty file or folder for `destination`.
  init(_ kind: Destination.Kind, for destination: Destination) throws(CheckpointError) {
    folder = destination.folder
    for _ in 0..<64 {
      let name = Self.name(for: destination.name, longest: folder.longestName)
      guard let descriptor = Self.make(kind, name, in: folder) else {
        guard errno == EEXIST else { break }
        continue
      }
      // Another process may have found it before it was locked and treated it as abandoned.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        continue
      }
      guard Self.isOpen(descriptor, as: name, in: folder) else {
        close(descriptor)
        continue
      }
      (self.name, self.descriptor) = (name, descriptor)
      return
    }
    throw .unwritable(destination.path)
  }

  deinit { close(descriptor) }

  /// Removes the temporary with all its contents.
  func remove() { folder.remove(name) }

  private static func make(
    _ kind: Destination.Kind, _ name: FileName, in folder: FolderHandle
  ) -> Int32? {
    let descriptor: Int32
    switch kind {
    case .file:
      descriptor = openat(
        folder.descriptor, name.bytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    case .folder:
      guard mkdirat(folder.descriptor, name.bytes, 0o755) == 0 else { return nil }
      descriptor = openat(
        folder.descriptor, name.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }
    return descriptor < 0 ? nil : descriptor
  }

  private static func isOpen(
    _ descriptor: Int32, as name: FileName, in folder: FolderHandle
  ) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    return folder.entry(name)?.identity == FolderHandle.Identity(status)
  }
}

extension Temporary {
  private static let marker = Array(".ferry-".utf8CString.dropLast())
  private static let ending = Array(".part".utf8CString.dropLast())
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8CString.dropLast())
  private static let digitCount = 8

  /// Returns `.NAME.ferry-XXXXXXXX.part`, with `NAME` shortened if the file system does not support a name of that
  /// length.
  static func name(for name: FileName, longest: Int, ending: [CChar] = ending) -> FileName {
    let token = (0..<digitCount).map { _ in digits[Int.random(in: digits.indices)] }
    let tail = marker + token + ending
    let dot = CChar(bitPattern: UInt8(ascii: "."))
    return FileName(bytes: [dot] + prefix(of: name, longest: longest - 1 - tail.count) + tail)
  }

  /// Returns a name beside `name` for a folder that no later run removes: `.NAME.ferry-XXXXXXXX.old`.
  static func spareName(for name: FileName, longest: Int) -> FileName {
    self.name(for: name, longest: longest, ending: Array(".old".utf8CString.dropLast()))
  }

  /// Returns true if ``name(for:longest:ending:)`` can have produced the name.
  static func isTemporary(_ name: FileName) -> Bool {
    let bytes = name.bytes.dropLast()
    let tail = bytes.suffix(marker.count + digitCount + ending.count)
    return bytes.count > tail.count && bytes.first == CChar(bitPattern: UInt8(ascii: "."))
      && tail.starts(with: marker) && tail.suffix(ending.count).elementsEqual(ending)
      && tail.dropFirst(marker.count).prefix(digitCount).allSatisfy(digits.contains)
  }

  /// Returns as many leading bytes of a name as fit, without splitting a character.
  private static func prefix(of name: FileName, longest: Int) -> [CChar] {
    let bytes = name.bytes.dropLast()
    var end = bytes.startIndex + min(bytes.count, max(0, longest))
    while end > bytes.startIndex, end < bytes.endIndex, bytes[end] & ~0x3f == ~0x7f { end -= 1 }
    return Array(bytes[..<end])
  }

  /// Removes the abandoned temporaries in a folder.
  static func removeStale(in folder: FolderHandle) {
    for name in folder.names() ?? [] where isTemporary(name) {
      let descriptor = openat(
        folder.descriptor, name.bytes, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isOpen(descriptor, as: name, in: folder)
      else { continue }
      folder.remove(name)
    }
  }
}
