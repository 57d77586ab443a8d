import FerryDevices
import Synchronization

/// The host memory that the chunks of one move travel through, in turns.
///
/// It must live until no copy from or to it is under way.
final class StagingRing: Sendable {
  private let pool: StagingPool
  private let context: DeviceContext
  private let slots: Mutex<[StagingMemory]>
  private let chunkCount: Int

  /// A ring of at most so many chunks beside `context`, with no memory yet.
  init(_ pool: StagingPool, for context: DeviceContext, chunkCount: Int) {
    self.pool = pool
    self.context = context
    self.chunkCount = chunkCount
    self.slots = Mutex([])
  }

  deinit { pool.giveBack(slots.withLock { $0 }, of: context) }

  /// Makes sure that there is memory for the chunks below `end`, as far as the ring goes.
  func prepare(upTo end: Int) throws {
    while slots.withLock({ $0.count }) < min(end, chunkCount) {
      let memory = try pool.take(for: context)
      slots.withLock { $0.append(memory) }
    }
  }

  /// The memory of a chunk that was prepared for, which is free once the chunk that many before it has
  /// gone.
  func memory(ofChunk number: Int, byteCount: Int) -> BufferView {
    slots.withLock { $0[number % chunkCount].view[0, count: byteCount] }
  }
}
