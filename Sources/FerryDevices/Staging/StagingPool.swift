import Synchronization

/// The staging memory that is registered with drivers: registration takes long, so what one move had
/// the next one gets. Memory for devices that gain nothing from it is not kept.
package final class StagingPool: Sendable {
  /// The size of a piece, and how many of them one move takes.
  package let limits: StagingLimits
  private let host: DeviceContext
  private let idle = Mutex<[Device.Backend: [PinnedHostMemory]]>([:])

  /// A pool whose memory is allocated from `host`; nothing is at first.
  package init(host: DeviceContext, limits: StagingLimits) {
    self.host = host
    self.limits = limits
  }

  /// Memory for a chunk from or to `context`: registered where its device gains from that, and pageable
  /// where the driver refuses.
  func take(for context: DeviceContext) throws(DeviceError) -> HostMemory {
    guard let pinning = context.backend.pinning else {
      return .pageable(try host.allocate(byteCount: limits.chunkByteCount))
    }
    if let memory = idle.withLock({ $0[context.device.backend]?.popLast() }) {
      return .pinned(memory)
    }
    let allocation = try host.allocate(byteCount: limits.chunkByteCount, near: context)
    guard let memory = try? PinnedHostMemory(allocation, with: pinning) else {
      return .pageable(allocation)
    }
    return .pinned(memory)
  }

  /// Keeps registered memory for the next move, as much as one move takes.
  func giveBack(_ memory: [HostMemory], of context: DeviceContext) {
    let pinned = memory.compactMap { memory -> PinnedHostMemory? in
      if case .pinned(let pinned) = memory { pinned } else { nil }
    }
    idle.withLock { idle in
      let room = limits.chunkCount - idle[context.device.backend, default: []].count
      idle[context.device.backend, default: []] += pinned.prefix(max(0, room))
    }
  }

  /// Gives back what is kept.
  package func trim() {
    let memory = idle.withLock { idle in
      defer { idle = [:] }
      return idle
    }
    withExtendedLifetime(memory) {}
  }
}
