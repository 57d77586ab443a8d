import Synchronization

/// The host memory that the chunks of one move travel through, in turns.
///
/// It must live until no copy from or to it is under way.
package final class StagingRing: Sendable {
  /// The most chunks that are in the ring at a time.
  package let chunkCount: Int
  private let pool: StagingPool
  private let context: DeviceContext
  private let slots: Mutex<[HostMemory?]>

  /// A ring of at most so many chunks beside `context`, by default what the pool's limits say, with no
  /// memory yet.
  package init(_ pool: StagingPool, for context: DeviceContext, chunkCount: Int? = nil) {
    self.chunkCount = chunkCount ?? pool.limits.chunkCount
    self.pool = pool
    self.context = context
    self.slots = Mutex(Array(repeating: nil, count: self.chunkCount))
  }

  deinit { pool.giveBack(slots.withLock { $0.compactMap(\.self) }, of: context) }

  /// The memory of a chunk, which is free once the chunk that many before it has gone. One thread at a
  /// time asks for one chunk's.
  package func memory(ofChunk number: Int, byteCount: Int) throws(DeviceError) -> BufferView {
    let slot = number % chunkCount
    if let memory = slots.withLock({ $0[slot] }) { return memory.view[0, count: byteCount] }
    let memory = try pool.take(for: context)
    slots.withLock { $0[slot] = memory }
    return memory.view[0, count: byteCount]
  }
}
