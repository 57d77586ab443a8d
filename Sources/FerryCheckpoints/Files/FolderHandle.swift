import CFiles
import Glibc

/// An open folder. Names are looked up in the folder itself, even if the path that led to it changes.
final class FolderHandle: Sendable {
  /// The identity of an existing file or folder: its device and inode numbers.
  struct Identity: Hashable, Sendable {
    let device, inode: UInt64

    init(_ status: stat) {
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
  }

  /// A directory entry.
  struct Entry {
    enum Kind { case file, folder, link, other }
    let kind: Kind
    let identity: Identity
    let byteCount: Int

    fileprivate init(_ status: stat) {
      kind =
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
      identity = Identity(status)
      byteCount = Int(status.st_size)
    }
  }

  let descriptor: Int32

  /// Returns the identities of the file or folder at `path`, following links, and of all folders above it, innermost
  /// first; empty if nothing is there. Unlike a path, an identity does not depend on the mount it is reached through.
  static func identities(of path: String) -> [Identity] {
    guard let place = realpath(path, nil) else { return [] }
    defer { free(place) }
    var status = stat()
    guard stat(place, &status) == 0 else { return [] }
    var chain = [Identity(status)]
    var above = String(cString: place)
    if status.st_mode & S_IFMT != S_IFDIR {
      above = FileTree.split(above).folder
    } else {
      above += "/.."
    }
    // The root is its own parent.
    while stat(above, &status) == 0, chain.last != Identity(status) {
      chain.append(Identity(status))
      above += "/.."
    }
    return chain
  }

  /// Opens the folder at `path`, following links; nil, with the reason in `errno`, on failure.
  convenience init?(path: UnsafePointer<CChar>) {
    self.init(owning: ferry_open_folder(path))
  }

  /// Takes ownership of `descriptor`, an open folder; nil if it is negative.
  init?(owning descriptor: Int32) {
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The folder's own identity.
  var identity: Identity {
    var status = stat()
    precondition(fstat(descriptor, &status) == 0, "an open folder has a status")
    return Identity(status)
  }

  /// Opens a subfolder; nil, with the reason in `errno`, for anything else, including links.
  func folder(_ name: FileName) -> FolderHandle? {
    FolderHandle(
      owning: openat(descriptor, name.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
  }

  /// Returns the entry called `name`, without following links; nil, with the reason in `errno`, if there is none.
  func entry(_ name: FileName) -> Entry? {
    var status = stat()
    guard fstatat(descriptor, name.bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return Entry(status)
  }

  /// Returns the names in the folder, sorted by their bytes; nil, with the reason in `errno`, if it cannot be read.
  func names() -> [FileName]? {
    // Uses a separate descriptor, because reading entries advances the descriptor's position.
    let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard own >= 0 else { return nil }
    guard let stream = fdopendir(own) else {
      close(own)
      return nil
    }
    defer { closedir(stream) }
    var names: [FileName] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { FileName($0) }
      }
      if name != FileName(".") && name != FileName("..") { names.append(name) }
    }
    guard errno == 0 else { return nil }
    return names.sorted {
      $0.bytes.lazy.map(UInt8.init(bitPattern:)).lexicographicallyPrecedes(
        $1.bytes.lazy.map(UInt8.init(bitPattern:)))
    }
  }

  /// The maximum length of a name in this folder, in bytes.
  var longestName: Int { max(32, fpathconf(descriptor, Int32(_PC_NAME_MAX))) }

  /// Removes a file, or a folder with all its contents, without following links; does nothing if the name does not
  /// exist.
  func remove(_ name: FileName) {
    guard unlinkat(descriptor, name.bytes, 0) != 0, let inner = folder(name) else { return }
    for entry in inner.names() ?? [] { inner.remove(entry) }
    unlinkat(descriptor, name.bytes, AT_REMOVEDIR)
  }

  /// Flushes changes of the folder's entries to disk.
  func synchronize() { fsync(descriptor) }
}

extension FolderHandle {
  /// The way in which names are exchanged and claimed: atomically where the system supports it, otherwise in several
  /// steps.
  enum Renaming {
    /// `renameat2`, with ``withoutFlags`` as the fallback.
    case system
    /// Plain renames, for kernels and file systems without `renameat2`.
    case withoutFlags
  }

  /// Renames `name` to `other`; returns false, with EEXIST in `errno`, if `other` exists.
  func renameExclusively(_ name: FileName, to other: FileName, by renaming: Renaming) -> Bool {
    if renaming == .system {
      let status = ferry_rename_exclusive(descriptor, name.bytes, descriptor, other.bytes)
      if status == 0 { return true }
      guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else { return false }
    }
    return claim(other, as: entry(name)?.kind) && rename(name, to: other)
  }

  /// Renames `name` to `other`, replacing what has that name: a file replaces a file, a folder an empty folder.
  func rename(_ name: FileName, to other: FileName) -> Bool {
    renameat(descriptor, name.bytes, descriptor, other.bytes) == 0
  }

  /// Exchanges two names; returns false, with the reason in `errno`, on failure. Without `renameat2`, `name` does not
  /// exist for a moment; its previous entry is then available as `spare`.
  func exchange(
    _ name: FileName, with other: FileName, spare: FileName, by renaming: Renaming
  ) -> Bool {
    if renaming == .system {
      let status = ferry_rename_exchange(descriptor, other.bytes, descriptor, name.bytes)
      if status == 0 { return true }
      guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else { return false }
    }
    guard rename(name, to: spare) else { return false }
    guard renameExclusively(other, to: name, by: renaming) else {
      let reason = errno
      _ = renameExclusively(spare, to: name, by: renaming)
      errno = reason
      return false
    }
    return rename(spare, to: other)
  }

  /// Creates an empty file or folder under an unused name. The process that creates it owns the name and may replace
  /// it.
  private func claim(_ name: FileName, as kind: Entry.Kind?) -> Bool {
    if kind == .folder { return mkdirat(descriptor, name.bytes, 0o755) == 0 }
    let file = openat(descriptor, name.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if file >= 0 { close(file) }
    return file >= 0
  }
}
