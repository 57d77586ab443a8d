import Glibc

/// A file or folder that is being made beside its destination, under a name that only Ferry uses.
///
/// Its process holds a lock on it for as long as it lives, however it ends: a temporary whose lock is free is a dead
/// process's, and the next one that writes into the folder removes it. Process numbers would not tell, for others
/// may write there from another machine or container.
final class Temporary: Sendable {
  let folder: FolderHandle
  let name: FileName
  /// The temporary itself, open and locked.
  let descriptor: Int32

  /// Makes an empty file or folder for `destination`.
  init(_ kind: Destination.Kind, for destination: Destination) throws(CheckpointError) {
    folder = destination.folder
    for _ in 0..<64 {
      let name = Self.name(for: destination.name, longest: folder.longestName)
      guard let descriptor = Self.make(kind, name, in: folder) else {
        guard errno == EEXIST else { break }
        continue
      }
      // Another process may have taken it for a dead one's before it was locked.
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

  /// Removes it, with all that is in it.
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

  /// `.NAME.ferry-XXXXXXXX.part`, with `NAME` shortened where the file system takes no name that long.
  static func name(for name: FileName, longest: Int, ending: [CChar] = ending) -> FileName {
    let token = (0..<digitCount).map { _ in digits[Int.random(in: digits.indices)] }
    let tail = marker + token + ending
    let dot = CChar(bitPattern: UInt8(ascii: "."))
    return FileName(bytes: [dot] + prefix(of: name, longest: longest - 1 - tail.count) + tail)
  }

  /// A name beside `name` for what no later run removes: `.NAME.ferry-XXXXXXXX.old`.
  static func spareName(for name: FileName, longest: Int) -> FileName {
    self.name(for: name, longest: longest, ending: Array(".old".utf8CString.dropLast()))
  }

  /// Whether a name is one that ``name(for:longest:ending:)`` makes.
  static func isTemporary(_ name: FileName) -> Bool {
    let bytes = name.bytes.dropLast()
    let tail = bytes.suffix(marker.count + digitCount + ending.count)
    return bytes.count > tail.count && bytes.first == CChar(bitPattern: UInt8(ascii: "."))
      && tail.starts(with: marker) && tail.suffix(ending.count).elementsEqual(ending)
      && tail.dropFirst(marker.count).prefix(digitCount).allSatisfy(digits.contains)
  }

  /// As many of the first bytes of a name as fit, and no part of a character.
  private static func prefix(of name: FileName, longest: Int) -> [CChar] {
    let bytes = name.bytes.dropLast()
    var end = bytes.startIndex + min(bytes.count, max(0, longest))
    while end > bytes.startIndex, end < bytes.endIndex, bytes[end] & ~0x3f == ~0x7f { end -= 1 }
    return Array(bytes[..<end])
  }

  /// Removes the temporaries in a folder whose processes are dead.
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
