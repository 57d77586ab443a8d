import Metrics
import Synchronization

/// Tells whoever listens what happens in a pool, and keeps the metrics.
final class PoolEvents: Sendable {
  private let listeners = Mutex<[Int: AsyncStream<PoolEvent>.Continuation]>([:])
  private let next = Atomic<Int>(0)
  private let loadedBytes = Counter(label: "ferry_pool_loaded_bytes")
  private let evictedBytes = Counter(label: "ferry_pool_evicted_bytes")
  private let streamedBytes = Counter(label: "ferry_pool_streamed_bytes")
  private let writtenBackBytes = Counter(label: "ferry_pool_written_back_bytes")
  private let broughtBackBytes = Counter(label: "ferry_pool_brought_back_bytes")
  private let streamWaits = Metrics.Timer(label: "ferry_pool_stream_wait_duration")
  private let failures = Counter(label: "ferry_pool_failures")
  private let loads = Metrics.Timer(label: "ferry_pool_load_duration")
  private let waits = Metrics.Timer(label: "ferry_pool_wait_duration")

  /// What happens from now on; the oldest are dropped where nobody takes them.
  func makeStream() -> AsyncStream<PoolEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: PoolEvent.self, bufferingPolicy: .bufferingNewest(4096))
    let key = next.add(1, ordering: .relaxed).newValue
    listeners.withLock { $0[key] = continuation }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { _ = $0.removeValue(forKey: key) }
    }
    return stream
  }

  func publish(_ event: PoolEvent) {
    count(event)
    for listener in listeners.withLock({ Array($0.values) }) { listener.yield(event) }
  }

  private func count(_ event: PoolEvent) {
    switch event.kind {
    case .loaded(let bytes, _, _, _):
      loadedBytes.increment(by: bytes)
      loads.record(duration: .seconds(event.seconds))
    case .evicted(let bytes, _): evictedBytes.increment(by: bytes)
    case .streamed(let bytes, let waited):
      streamedBytes.increment(by: bytes)
      streamWaits.record(duration: .seconds(waited))
    case .leased: waits.record(duration: .seconds(event.seconds))
    case .wroteBack(let bytes): writtenBackBytes.increment(by: bytes)
    case .broughtBack(let bytes): broughtBackBytes.increment(by: bytes)
    case .failed, .stuck, .keptCaches: failures.increment()
    case .loading: break
    }
  }
}
