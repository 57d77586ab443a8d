/// What happened in a pool.
package enum PoolEvent: Sendable, Hashable {
  /// Segments of a model came: so many bytes, in so many seconds. `isComplete` tells whether all of it is there now.
  case loaded(model: String, bytes: Int, seconds: Double, isComplete: Bool)
  /// A model gave up so many bytes for another, or for nobody where it was to leave.
  case evicted(model: String, bytes: Int, for: String?)
  /// Somebody got a lease after so many seconds.
  case leased(model: String, waited: Double)
  /// A model did not come, and why.
  case failed(model: String, reason: String)
}
