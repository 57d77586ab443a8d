/// What went through a ring in one step.
package struct RingPass: Sendable, Hashable {
  /// The device bytes of the pages that were sent for.
  package let bytes: Int
  /// How long the step waited for pages, in seconds.
  package let waited: Double
  /// When the step began.
  package let start: ContinuousClock.Instant
  /// When its last use of a page was over.
  package let end: ContinuousClock.Instant
}
