import Synchronization

/// How much host memory may be registered: what is registered the system can neither swap nor move,
/// and everybody else has to do with the rest.
package final class PinnedBudget: Sendable {
  /// In bytes.
  package let limit: Int
  private let used = Mutex(0)

  /// A budget of so many bytes; by default half of what the machine or the control group has.
  package init(limit: Int? = nil) {
    self.limit = limit ?? ((try? HostFigures.memory())?.total ?? 0) / 2
  }

  /// The bytes that are registered.
  package var bytesUsed: Int { used.withLock { $0 } }

  /// Throws where there is no room for so many bytes more.
  package func check(_ byteCount: Int) throws(DeviceError) {
    try check(byteCount, used: bytesUsed)
  }

  func take(_ byteCount: Int) throws(DeviceError) {
    try used.withLock { (used: inout Int) throws(DeviceError) in
      try check(byteCount, used: used)
      used += byteCount
    }
  }

  private func check(_ byteCount: Int, used: Int) throws(DeviceError) {
    guard byteCount <= limit - used else {
      throw DeviceError(
        .outOfMemory,
        "\(byteCount) bytes more of pinned memory exceed the budget of \(limit), of which "
          + "\(used) are used; drop another model's host copy, or raise the budget")
    }
  }

  func giveBack(_ byteCount: Int) { used.withLock { $0 -= byteCount } }
}
