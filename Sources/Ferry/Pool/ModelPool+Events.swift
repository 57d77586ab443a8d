import FerryResidency

extension ModelPool {
  /// What happened in a pool.
  public enum Event: Sendable, Hashable {
    /// So many bytes of a model, of all that it lacks, have come or are on their way.
    case loading(model: String, completedBytes: Int, totalBytes: Int)
    /// So many bytes of a model came in so many seconds, what had to go before included; which part of the link's
    /// measured raw rate that is, where it is known; and whether all of the model is there now.
    case loaded(
      model: String, bytes: Int, seconds: Double, linkFraction: Double?, isComplete: Bool)
    /// A model gave up so many bytes for another one; nil: because it was parked or unloaded.
    case evicted(model: String, bytes: Int, for: String?)
    /// Somebody who asked for a model has it, after so many seconds.
    case leased(model: String, waited: Double)
    /// A model could not be brought, and why. Others are not affected.
    case failed(model: String, reason: String)
  }

  /// What happens from now on. Of what nobody takes, the newest few thousand are kept.
  ///
  /// The same is counted through swift-metrics: `ferry_pool_loaded_bytes`, `ferry_pool_evicted_bytes`,
  /// `ferry_pool_failures`, `ferry_pool_load_duration`, `ferry_pool_wait_duration`.
  public func events() -> some AsyncSequence<Event, Never> & Sendable {
    pool.makeEvents().map { event in
      switch event {
      case .loading(let model, let completed, let total):
        .loading(model: model, completedBytes: completed, totalBytes: total)
      case .loaded(let model, let bytes, let seconds, let linkFraction, let isComplete):
        .loaded(
          model: model, bytes: bytes, seconds: seconds, linkFraction: linkFraction,
          isComplete: isComplete)
      case .evicted(let model, let bytes, let other):
        .evicted(model: model, bytes: bytes, for: other)
      case .leased(let model, let waited): .leased(model: model, waited: waited)
      case .failed(let model, let reason): .failed(model: model, reason: reason)
      }
    }
  }
}
