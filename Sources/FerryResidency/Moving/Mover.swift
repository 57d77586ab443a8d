package import FerryDevices

/// What all moves of a process share: the host, the size of the staging ring, and what is known of
/// the links.
package final class Mover: Sendable {
  /// The host's memory, where parked weights and staged bytes are accounted.
  package let host: DeviceContext
  /// How much host memory a move may take beside the images.
  package let staging: StagingLimits
  let linkRates = LinkRates()

  /// A mover whose host images and staging are allocated from `host`.
  package init(host: DeviceContext, staging: StagingLimits = StagingLimits()) {
    precondition(host.device == .cpu, "the host is cpu")
    self.host = host
    self.staging = staging
  }
}

/// The extra host memory of a move: a ring of chunks.
package struct StagingLimits: Hashable, Sendable {
  /// The size of a chunk, which is also the unit of progress and cancellation. 16 MiB reach the rate
  /// of the fastest links, and delay an urgent copy by less than a millisecond.
  package var chunkByteCount: Int
  /// How many chunks may be under way: one is filled while the others travel.
  package var chunkCount: Int

  /// Limits; both are at least 1.
  package init(chunkByteCount: Int = 16 << 20, chunkCount: Int = 3) {
    precondition(chunkByteCount > 0 && chunkCount > 0)
    self.chunkByteCount = chunkByteCount
    self.chunkCount = chunkCount
  }
}
