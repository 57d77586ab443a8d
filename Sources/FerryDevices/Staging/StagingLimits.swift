/// The extra host memory of a move: a ring of chunks.
package struct StagingLimits: Hashable, Sendable {
  /// The size of a chunk, which is also the unit of progress and cancellation. 16 MiB reach the rate
  /// of the fastest links, and delay an urgent copy by less than a millisecond.
  package var chunkByteCount: Int
  /// How many threads read files and copy pageable memory beside the link.
  package var readerCount: Int
  /// How many chunks may be under way: each reader fills one while the others travel.
  package var chunkCount: Int

  /// Limits; all are at least 1.
  package init(
    chunkByteCount: Int = 16 << 20, readerCount: Int = min(4, HostThreads.processorCount),
    chunkCount: Int? = nil
  ) {
    let chunkCount = chunkCount ?? readerCount + 2
    precondition(chunkByteCount > 0 && readerCount > 0 && chunkCount > 0)
    self.chunkByteCount = chunkByteCount
    self.readerCount = readerCount
    self.chunkCount = chunkCount
  }

  /// How many chunks are copied by the driver while the readers fill others: a few, for an urgent copy
  /// waits for them all.
  package var depth: Int { max(1, min(Self.directDepth, chunkCount - readerCount)) }

  /// The same for chunks that no reader has to fill.
  package static let directDepth = 4
}
