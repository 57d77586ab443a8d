import Synchronization

/// How much host memory may be registered: what is registered the system can neither swap nor move,
/// and everybody else has to do with the rest.
package final class PinnedBudget: Sendable {
  /// In bytes.
  package let limit: Int
  private let available: @Sendable () -> Int?
  private let used = Mutex(0)

  /// What new memory leaves of what is available: others need some too.
  private static let shareOfAvailable = 0.9

  /// A budget; by default half of what the machine or the control group has. What is made to be registered fits
  /// into what is `available` as well, where the system tells.
  package init(
    _ amount: MemoryAmount = .share(0.5),
    available: @escaping @Sendable () -> Int? = { (try? HostFigures.memory())?.free }
  ) {
    limit = amount.bytes(of: (try? HostFigures.memory())?.total ?? 0)
    self.available = available
  }

  /// The bytes that are registered.
  package var bytesUsed: Int { used.withLock { $0 } }

  /// Throws where there is no room for so many bytes more, which are yet to be made.
  package func check(_ byteCount: Int) throws(DeviceError) {
    try check(byteCount, used: bytesUsed)
    guard byteCount > 0, let available = available() else { return }
    guard Double(byteCount) <= Self.shareOfAvailable * Double(available) else {
      let sizes = ByteCount.spelled(byteCount, available)
      throw DeviceError(
        .outOfMemory,
        "\(sizes[0]) of pinned memory are more than the \(sizes[1]) that are available can spare; end other "
          + "processes, or drop another model's host copy")
    }
  }

  func take(_ byteCount: Int) throws(DeviceError) {
    try used.withLock { (used: inout Int) throws(DeviceError) in
      try check(byteCount, used: used)
      used += byteCount
    }
  }

  private func check(_ byteCount: Int, used: Int) throws(DeviceError) {
    guard byteCount <= limit - used else {
      let sizes = ByteCount.spelled(byteCount, limit, used)
      throw DeviceError(
        .outOfMemory,
        "\(sizes[0]) more of pinned memory exceed the budget of \(sizes[1]), of which "
          + "\(sizes[2]) are used; drop another model's host copy, or raise the budget")
    }
  }

  func giveBack(_ byteCount: Int) { used.withLock { $0 -= byteCount } }
}
