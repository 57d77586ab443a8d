/// Something that happened in a pool.
public struct PoolEvent: Sendable, Hashable {
  /// When, on a clock that only goes forward.
  public let time: ContinuousClock.Instant
  /// How long it took until then, in seconds: a load, an eviction, a step, a wait.
  public let seconds: Double
  /// The name of the model.
  public let model: String
  /// What it was.
  public let kind: Kind

  /// What may happen.
  public enum Kind: Sendable, Hashable {
    /// So many bytes, of all that a load brings, have come or are on their way.
    case loading(completedBytes: Int, totalBytes: Int)
    /// So many bytes came, what had to go before included in the time. A pass could begin `firstPageSeconds` after the
    /// load began, where the first page came with it; `linkFraction` is the part of the link's measured raw rate that was
    /// reached, where that is known; `isComplete` says whether all of the model is there now.
    case loaded(bytes: Int, firstPageSeconds: Double?, linkFraction: Double?, isComplete: Bool)
    /// The model gave up so many bytes for another one; nil: because it was parked or unloaded.
    case evicted(bytes: Int, for: String?)
    /// Sessions' caches, so many bytes, were written to the host because nothing of the model is on the device any
    /// more; they come back when their next steps begin.
    case wroteBack(bytes: Int)
    /// A session's cache, so many bytes, came back from the host for its next step.
    case broughtBack(bytes: Int)
    /// Caches of sessions stayed on the device although the model left, and why; the sessions go on all the same.
    case keptCaches(reason: String)
    /// A step sent so many bytes through the model's ring, and waited for them for so many of its seconds.
    case streamed(bytes: Int, waited: Double)
    /// Somebody who asked for the model has it: everything is there or on its way.
    case leased
    /// The model did not come, or did not go, and why. Others are not affected.
    case failed(reason: String)
    /// The model could not be taken off the device for several times, and stays until it is used, parked or unloaded
    /// again.
    case stuck(reason: String)
  }

  package init(
    _ kind: Kind, _ model: String, seconds: Double, time: ContinuousClock.Instant = .now
  ) {
    (self.time, self.seconds, self.model, self.kind) = (time, seconds, model, kind)
  }
}
