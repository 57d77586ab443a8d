import Glibc

/// A file that appears under its name only when it is complete: written beside the destination, made
/// durable, renamed. Removed if it is never finished. Where the name is a link to a file, that file is replaced, and the
/// link stays.
package final class TemporaryFile {
  private let destination: String
  private let place: String
  private let path: String
  private var descriptor: Int32

  /// Opens a temporary file beside `destination`; an existing destination is an error unless it is to be
  /// replaced.
  package init(destination: String, replacing: Bool) throws(CheckpointError) {
    if !replacing, FileTree.exists(destination) {
      throw CheckpointError(
        .exists, file: destination, "exists already; choose another name or pass --force")
    }
    guard !FileTree.exists(destination) || FileTree.isRegular(destination) else {
      throw CheckpointError(
        .exists, file: destination, "is not a regular file; write to another place")
    }
    guard let end = destination.last, end != "/" else {
      throw CheckpointError(
        .unwritable, file: destination, "is no name of a file; name one to write to")
    }
    let place = FileTree.destination(destination)
    let (folder, name) = FileTree.split(place)
    let path = "\(folder)/.\(name).\(getpid()).part"
    try PendingFiles.insert(path, for: destination)
    // What a process of the same number left behind.
    unlink(path)
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    self.destination = destination
    self.place = place
    self.path = path
    guard descriptor >= 0 else {
      PendingFiles.remove(path)
      throw .unwritable(destination)
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(path)
    PendingFiles.remove(path)
  }

  /// Gives the file its final length, so that a full disk shows now where the system can tell.
  package func reserve(byteCount: Int) throws(CheckpointError) {
    guard byteCount > 0 else { return }
    let status = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard status == ENOSPC || status == EFBIG || status == EDQUOT else { return }
    errno = status
    throw .unwritable(destination)
  }

  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CheckpointError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(destination) }
      done += count
    }
  }

  /// Makes the file durable and gives it its name.
  package func finish() throws(CheckpointError) {
    guard fsync(descriptor) == 0 else { throw .unwritable(destination) }
    guard rename(path, place) == 0 else { throw .unwritable(destination) }
    close(descriptor)
    descriptor = -1
    PendingFiles.remove(path)
    FileTree.synchronize(folder: FileTree.split(place).folder)
  }
}

extension CheckpointError {
  /// A write that failed, with the system's reason in `errno`.
  static func unwritable(_ file: String) -> CheckpointError {
    let reason = String(cString: strerror(errno))
    let remedy =
      errno == ENOSPC || errno == EDQUOT
      ? "free some space or choose another disk" : "choose a place that can be written"
    return CheckpointError(.unwritable, file: file, "cannot be written (\(reason)); \(remedy)")
  }
}
