public import FerryDevices
import Glibc

/// A file mapped read-only into memory, unmapped when the last reference goes.
public final class MappedFile: MemoryOwner {
  /// Where the file is, and what it was when it was mapped.
  public let source: SourceFile
  private let address: UInt
  let descriptor: Int32

  /// Maps the file at `path`.
  public init(path: String) throws(TensorError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.unreadable, "\(path) cannot be opened") }
    var keep = false
    defer { if !keep { close(descriptor) } }
    let identity = try FileIdentity(ofDescriptor: descriptor, path: path)
    var address: UInt = 0
    if identity.byteCount > 0 {
      let start = mmap(nil, identity.byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
      guard let start, start != MAP_FAILED else {
        throw .system(.unreadable, "\(path) cannot be mapped")
      }
      address = UInt(bitPattern: start)
    }
    keep = true
    self.source = SourceFile(path: path, identity: identity)
    self.address = address
    self.descriptor = descriptor
  }

  deinit {
    if address != 0 {
      munmap(UnsafeMutableRawPointer(bitPattern: address), source.identity.byteCount)
    }
    close(descriptor)
  }

  /// The bytes from `offset` on; the range lies inside the file.
  public func view(offset: Int, byteCount: Int) -> BufferView {
    precondition(offset >= 0 && byteCount >= 0)
    precondition(offset <= source.identity.byteCount - byteCount, "range outside the file")
    return BufferView(
      device: .cpu, owner: self, handle: DeviceHandle(rawValue: address), offset: offset,
      byteCount: byteCount)
  }

  /// Throws unless the file is still the one that was mapped: same inode, size and time, and no other
  /// file has taken its path. A file whose path is gone still has the bytes that were mapped.
  public func checkUnchanged() throws(TensorError) {
    let now = try FileIdentity(ofDescriptor: descriptor, path: source.path)
    let atPath = try? FileIdentity(path: source.path)
    guard now == source.identity, atPath == nil || atPath == source.identity else {
      throw TensorError(
        .fileChanged, "\(source.path) changed after it was loaded; load the model again")
    }
  }
}

extension FileIdentity {
  /// The identity of the file at `path`.
  public init(path: String) throws(TensorError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(.unreadable, "\(path) cannot be read") }
    self.init(status)
  }

  init(ofDescriptor descriptor: Int32, path: String) throws(TensorError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(.unreadable, "\(path) cannot be read")
    }
    self.init(status)
  }

  private init(_ status: stat) {
    self.init(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), byteCount: Int(status.st_size),
      modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
  }
}

extension TensorError {
  /// An error whose cause is the current `errno`.
  static func system(_ code: Code, _ message: String) -> TensorError {
    TensorError(code, message, cause: String(cString: strerror(errno)))
  }
}
