public import FerryResidency

extension ModelPool {
  /// What happened in a pool.
  public typealias Event = PoolEvent

  /// What happens from now on. Of what nobody takes, the newest few thousand are kept.
  ///
  /// The same is counted through swift-metrics: `ferry_pool_loaded_bytes`, `ferry_pool_streamed_bytes`,
  /// `ferry_pool_evicted_bytes`, `ferry_pool_written_back_bytes`, `ferry_pool_brought_back_bytes`, `ferry_pool_failures`,
  /// `ferry_pool_load_duration`, `ferry_pool_wait_duration`, `ferry_pool_stream_wait_duration`.
  public func events() -> some AsyncSequence<Event, Never> & Sendable { pool.makeEvents() }
}
