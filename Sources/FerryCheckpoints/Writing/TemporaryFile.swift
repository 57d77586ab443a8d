import Glibc

/// A file that appears under its final name only when it is complete: written beside its destination, flushed to disk,
/// renamed. Removed if it is never finished.
package final class TemporaryFile {
  private enum Place {
    case destination(Destination, Temporary)
    /// A file in a folder that is itself a temporary.
    case unfinishedFolder(descriptor: Int32, path: String)
  }

  private let place: Place
  private var isFinished = false

  /// Creates a temporary file beside `destination`.
  package init(_ destination: Destination) throws(CheckpointError) {
    place = .destination(destination, try PendingFiles.begin(.file, for: destination))
  }

  /// Creates a temporary file beside `path`; an existing file is an error unless it is to be replaced.
  package convenience init(destination path: String, replacing: Bool) throws(CheckpointError) {
    try self.init(Destination(path, .file, replacing: replacing))
  }

  /// Creates the file `name`, which may include subfolders, in a folder that no other process uses yet.
  /// - Parameter path: The file's path, for errors.
  init(named name: FileName, in folder: FolderHandle, path: String) throws(CheckpointError) {
    let descriptor = openat(
      folder.descriptor, name.bytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path) }
    place = .unfinishedFolder(descriptor: descriptor, path: path)
  }

  deinit {
    switch place {
    case .destination(let destination, _):
      if !isFinished { PendingFiles.discard(destination) }
    case .unfinishedFolder(let descriptor, _): close(descriptor)
    }
  }

  private var descriptor: Int32 {
    switch place {
    case .destination(_, let temporary): temporary.descriptor
    case .unfinishedFolder(let descriptor, _): descriptor
    }
  }

  private var path: String {
    switch place {
    case .destination(let destination, _): destination.path
    case .unfinishedFolder(_, let path): path
    }
  }

  /// Gives the file its final length, so that a full disk shows now where the system can tell.
  package func reserve(byteCount: Int) throws(CheckpointError) {
    guard byteCount > 0 else { return }
    let status = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard status == ENOSPC || status == EFBIG || status == EDQUOT else { return }
    errno = status
    throw .unwritable(path)
  }

  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CheckpointError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(path) }
      done += count
    }
  }

  /// Flushes the file to disk and gives it its final name. If another file has taken that name in the meantime and may
  /// not be replaced, removes the temporary and throws.
  package func finish() throws(CheckpointError) {
    precondition(!isFinished, "a file is finished once")
    guard fsync(descriptor) == 0 else { throw .unwritable(path) }
    if case .destination(let destination, let temporary) = place {
      try PendingFiles.complete(destination) { () throws(CheckpointError) in
        try destination.take(temporary)
        return false
      }
      destination.folder.synchronize()
    }
    isFinished = true
  }
}

extension Destination {
  /// Gives a temporary file the name of the destination.
  fileprivate func take(_ temporary: Temporary) throws(CheckpointError) {
    try checkSort()
    let isRenamed =
      replacing
      ? folder.rename(temporary.name, to: name)
      : folder.renameExclusively(temporary.name, to: name, by: renaming)
    guard isRenamed else { throw errno == EEXIST ? exists : .unwritable(path) }
  }
}

extension CheckpointError {
  /// A write that failed, with the system's reason in `errno`.
  static func unwritable(_ file: String) -> CheckpointError {
    let cause = errno
    let reason = String(cString: strerror(cause))
    let remedy =
      switch cause {
      case ENOSPC, EDQUOT: "free some space or choose another disk"
      case ENAMETOOLONG: "choose a shorter name"
      case ELOOP: "its links lead in a circle; remove them or name another place"
      case EBUSY, EXDEV: "another file system begins there; name a place within it"
      default: "choose a place that can be written"
      }
    return CheckpointError(.unwritable, file: file, "cannot be written (\(reason)); \(remedy)")
  }
}
