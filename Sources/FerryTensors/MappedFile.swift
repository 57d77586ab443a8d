import CMappedFaults
public import FerryDevices
import Glibc

/// A file mapped read-only into memory, unmapped when its last reference is released.
///
/// If the file is truncated while its mapping is in use, the missing bytes read as zeros instead of SIGBUS ending the
/// process, and ``checkUnchanged()`` throws from then on. Code that computes with a mapping calls it afterward, before
/// it uses the result. This is the work of a SIGBUS handler, which passes on signals that do not concern a mapped file.
/// It is installed with the first mapping, unless the environment variable `FERRY_SIGBUS` is `system`.
public final class MappedFile: MemoryOwner {
  /// Where the file is, and what it was when it was mapped.
  public let source: SourceFile
  private let address: UInt
  let descriptor: Int32
  private let watch: Watch?

  /// The SIGBUS handler's record of the mapping.
  ///
  /// `@unchecked Sendable`: the C side consists of atomics.
  private struct Watch: @unchecked Sendable {
    let mapping: OpaquePointer
  }

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
    let watched =
      address == 0
      ? nil : ferry_mapping_watch(UnsafeMutableRawPointer(bitPattern: address), identity.byteCount)
    watch = watched.map { Watch(mapping: $0) }
  }

  deinit {
    ferry_mapping_forget(watch?.mapping)
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

  /// Throws unless the file is still the one that was mapped (same inode, size and time, and no other file at its path)
  /// and every byte that was read was available. A file whose path no longer exists still has the bytes that were
  /// mapped.
  public func checkUnchanged() throws(TensorError) {
    let now = try FileIdentity(ofDescriptor: descriptor, path: source.path)
    let atPath = try? FileIdentity(path: source.path)
    let isUnchanged = now == source.identity && (atPath == nil || atPath == source.identity)
    guard isUnchanged, !isDamaged else { throw changed }
  }

  /// A Boolean value that indicates whether bytes were read that the file no longer has or that the disk failed to
  /// deliver.
  private var isDamaged: Bool { ferry_mapping_is_damaged(watch?.mapping) }

  private var changed: TensorError {
    TensorError(
      .fileChanged, "\(source.path) changed while it was in use; load the model again")
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
