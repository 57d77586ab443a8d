/// What sessions kept beside weights came back to the device, for a step that needs it.
package struct StateReturn: Sendable {
  /// The bytes that came.
  package let bytes: Int
  package let start: ContinuousClock.Instant
  package let end: ContinuousClock.Instant
}
