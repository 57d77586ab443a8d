import Glibc

/// A regular file open for reading by position, closed when the last reference goes.
final class FileReader {
  /// What the file was when it was opened.
  let file: CheckpointFile
  private let descriptor: Int32

  /// Opens the file at `path`.
  init(path: String) throws(CheckpointError) {
    // A pipe opened without O_NONBLOCK would wait for a writer for ever.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(.unreadable, file: path, "cannot be opened") }
    do {
      file = try Self.identity(of: descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  private static func identity(of descriptor: Int32, path: String) throws(CheckpointError)
    -> CheckpointFile
  {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(.unreadable, file: path, "cannot be examined")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CheckpointError(.unreadable, file: path, "is not a regular file; name a file")
    }
    let time = status.st_mtim
    return CheckpointFile(
      path: path, byteCount: Int(status.st_size), device: UInt64(status.st_dev),
      inode: UInt64(status.st_ino),
      modified: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// Fills `target` with the bytes from `offset` on.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(CheckpointError) {
    var done = 0
    while done < target.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .system(.unreadable, file: file.path, "cannot be read")
      }
      guard count > 0 else { throw .changed(file.path) }
      done += count
    }
  }

  /// The `count` bytes from `offset` on; the range lies inside the file.
  func bytes(at offset: Int, count: Int) throws(CheckpointError) -> [UInt8] {
    precondition(offset >= 0 && count >= 0 && offset <= file.byteCount - count)
    guard count > 0 else { return [] }
    try checkRoom(for: 2 * count)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    try read(into: buffer, at: offset)
    return Array(buffer)
  }

  /// Throws if the system would refuse to allocate `count` bytes; Swift ends the process when an allocation fails.
  private func checkRoom(for count: Int) throws(CheckpointError) {
    guard count >= 1 << 20 else { return }
    let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else {
      throw CheckpointError(
        .unreadable, file: file.path,
        "needs \(count) bytes of memory to be read, which the system refused; raise its limits (ulimit -v)"
      )
    }
    munmap(start, count)
  }

  /// Throws unless the open file still has the size and time of `expected`, and is that file.
  func check(against expected: CheckpointFile) throws(CheckpointError) {
    guard try Self.identity(of: descriptor, path: file.path) == expected else {
      throw .changed(file.path)
    }
  }
}

extension FileReader {
  /// The whole file at `path`, for documents that are held in memory anyway (configs, tokenizers).
  static func contents(path: String) throws(CheckpointError) -> [UInt8] {
    let reader = try FileReader(path: path)
    return try reader.bytes(at: 0, count: reader.file.byteCount)
  }
}

extension CheckpointError {
  /// An error whose cause is the current `errno`.
  static func system(
    _ code: Code, file: String, tensor: String? = nil, _ message: String
  ) -> CheckpointError {
    let cause = errno
    let text = String(cString: strerror(cause))
    return CheckpointError(
      code, file: file, tensor: tensor, "\(message): \(text); \(remedy(cause))")
  }

  private static func remedy(_ cause: Int32) -> String {
    switch cause {
    case ENOENT: "check the path"
    case EACCES, EPERM: "check the permissions"
    case ENOSPC, EDQUOT: "free some space or choose another destination"
    case EROFS: "choose a destination that can be written"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
    case EFBIG: "choose a file system that takes files this large, or write smaller shards"
    default: "check the file system and try again"
    }
  }

  /// The file is another one than when its header was read.
  static func changed(_ path: String) -> CheckpointError {
    CheckpointError(.fileChanged, file: path, "changed while it was in use; open it again")
  }
}
