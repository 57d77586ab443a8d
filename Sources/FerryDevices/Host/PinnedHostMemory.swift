import Synchronization

/// Host memory registered with a driver. When the last reference goes it is registered no more, and
/// then it is given back as every ``Allocation`` is; no copy from or to it is under way.
package final class PinnedHostMemory: MemoryOwner {
  /// The memory.
  package let allocation: Allocation
  private let pinning: any HostPinning
  private let budget: PinnedBudget?

  /// Registers an allocation of a ``HostBackend``, as one piece; what it takes is counted by `budget`.
  package init(
    _ allocation: Allocation, with pinning: any HostPinning, budget: PinnedBudget? = nil
  ) throws(DeviceError) {
    let pages = allocation.pages
    try budget?.take(pages.count)
    do {
      try pinning.register(pages)
    } catch {
      budget?.giveBack(pages.count)
      throw error
    }
    self.allocation = allocation
    self.pinning = pinning
    self.budget = budget
  }

  deinit {
    pinning.unregister(allocation.pages)
    budget?.giveBack(allocation.pages.count)
  }

  /// All of its bytes.
  package var view: BufferView { owning(allocation.view) }

  /// The same bytes as a view of the allocation, kept registered by the view.
  package func owning(_ view: BufferView) -> BufferView {
    precondition(view.handle == allocation.handle, "a view of other memory")
    return BufferView(
      device: view.device, owner: self, handle: view.handle, offset: view.offset,
      byteCount: view.byteCount)
  }
}

extension Allocation {
  /// The whole pages of host memory.
  fileprivate var pages: UnsafeMutableRawBufferPointer {
    precondition(context.device == .cpu, "only host memory is registered")
    return UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: handle.rawValue),
      count: PageSize.rounding(byteCount))
  }
}

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
