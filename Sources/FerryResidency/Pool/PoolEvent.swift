/// What happened in a pool.
package enum PoolEvent: Sendable, Hashable {
  /// Segments of a model are on their way: so many bytes of so many.
  case loading(model: String, completedBytes: Int, totalBytes: Int)
  /// Segments of a model came: so many bytes, in so many seconds, eviction included; which part of the link's raw rate
  /// that is, where it is known; and whether all of the model is there now.
  case loaded(
    model: String, bytes: Int, seconds: Double, linkFraction: Double?, isComplete: Bool)
  /// A model gave up so many bytes for another, or for nobody where it was to leave.
  case evicted(model: String, bytes: Int, for: String?)
  /// Somebody got a lease after so many seconds.
  case leased(model: String, waited: Double)
  /// A model did not come, and why.
  case failed(model: String, reason: String)
}
