package import FerryDevices

/// What all moves of a process share: the host, its pinned memory, the staging ring, and what is known of
/// the links.
package final class Mover: Sendable {
  /// The host's memory, where parked weights and staged bytes are accounted.
  package let host: DeviceContext
  /// How much host memory a move may take beside the images.
  package let staging: StagingLimits
  /// The host images that are registered with drivers. Staging does not count against their budget.
  package let pins: HostPins
  let linkRates = LinkRates()
  let stagingPool: StagingPool

  /// A mover whose host images and staging are allocated from `host`.
  package init(
    host: DeviceContext, staging: StagingLimits = StagingLimits(),
    pinnedBudget: PinnedBudget = PinnedBudget()
  ) {
    precondition(host.device == .cpu, "the host is cpu")
    self.host = host
    self.staging = staging
    self.pins = HostPins(budget: pinnedBudget)
    self.stagingPool = StagingPool(host: host, limits: staging)
  }

  /// Gives the staging memory back that is kept between moves.
  package func trim() { stagingPool.trim() }
}

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
  var depth: Int { max(1, min(Self.directDepth, chunkCount - readerCount)) }

  /// The same for chunks that no reader has to fill.
  static let directDepth = 4
}
