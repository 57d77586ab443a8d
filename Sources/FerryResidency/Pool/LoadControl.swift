import Synchronization

/// Whether a load goes on.
package final class LoadControl: Sendable {
  private let mustStop = Atomic<Bool>(false)

  /// A load that goes on.
  package init() {}

  /// Whether what has not come yet should be left: somebody waits for another model, or nobody for this one.
  package var shouldStop: Bool { mustStop.load(ordering: .relaxed) }

  func stop() { mustStop.store(true, ordering: .relaxed) }
}
