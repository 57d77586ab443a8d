import Glibc

extension MappedFile {
  /// Reads file bytes into `target` without touching the mapping, so that a file truncated meanwhile
  /// is an error and not a fault.
  public func read(into target: UnsafeMutableRawBufferPointer, at offset: Int)
    throws(TensorError)
  {
    try read(scattering: [target], at: offset)
  }

  /// Reads consecutive file bytes from `offset` on into `targets`, one after the other.
  ///
  /// As few system calls as the system permits (1024 targets a call): thousands of small tensors
  /// that are neighbours in the file cost as little as one large one.
  public func read(scattering targets: [UnsafeMutableRawBufferPointer], at offset: Int)
    throws(TensorError)
  {
    precondition(offset >= 0, "file offset")
    var vectors = targets.filter { !$0.isEmpty }.map {
      iovec(iov_base: $0.baseAddress, iov_len: $0.count)
    }[...]
    var position = offset
    while !vectors.isEmpty {
      let count = try readOnce(vectors.prefix(Self.vectorLimit), at: position)
      position += count
      vectors.dropBytes(count)
    }
  }

  /// `IOV_MAX` of Linux.
  private static let vectorLimit = 1024

  private func readOnce(_ vectors: ArraySlice<iovec>, at position: Int) throws(TensorError) -> Int {
    while true {
      let count = vectors.withUnsafeBufferPointer {
        preadv(descriptor, $0.baseAddress, Int32($0.count), off_t(position))
      }
      if count > 0 { return count }
      if count < 0 && errno == EINTR { continue }
      guard count == 0 else { throw .system(.unreadable, "\(source.path) cannot be read") }
      throw TensorError(
        .fileChanged, "\(source.path) was truncated after it was loaded; load the model again")
    }
  }
}

extension ArraySlice<iovec> {
  /// Takes away the first `count` bytes.
  fileprivate mutating func dropBytes(_ count: Int) {
    var rest = count
    while let first, rest >= first.iov_len {
      rest -= first.iov_len
      removeFirst()
    }
    guard rest > 0 else { return }
    self[startIndex].iov_base += rest
    self[startIndex].iov_len -= rest
  }
}
