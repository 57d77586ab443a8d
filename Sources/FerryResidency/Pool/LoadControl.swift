import Synchronization

/// Whether a load goes on, and how far it is.
package final class LoadControl: Sendable {
  private let mustStop = Atomic<Bool>(false)
  private let progress = Mutex(Progress())

  private struct Progress: Sendable {
    var completedBytes = 0
    var firstPage: ContinuousClock.Instant?
    var observer: (@Sendable (Int) -> Void)?
  }

  /// A load that goes on.
  package init() {}

  /// Whether what has not come yet should be left: somebody waits for another model, or nobody for this one.
  package var shouldStop: Bool { mustStop.load(ordering: .relaxed) }

  /// So many bytes more have come, or are on their way.
  package func note(_ byteCount: Int) {
    let (completed, observer) = progress.withLock { progress in
      progress.completedBytes += byteCount
      return (progress.completedBytes, progress.observer)
    }
    observer?(completed)
  }

  /// When the first page of the model was there, where this load brings it.
  package var firstPage: ContinuousClock.Instant? { progress.withLock { $0.firstPage } }

  /// The first page of the model is there.
  package func noteFirstPage() {
    progress.withLock { $0.firstPage = $0.firstPage ?? .now }
  }

  func stop() { mustStop.store(true, ordering: .relaxed) }

  /// Tells `observer` the bytes that have come, whenever more have.
  func observe(_ observer: @escaping @Sendable (Int) -> Void) {
    progress.withLock { $0.observer = observer }
  }
}
