/// What was written to the host of what sessions keep beside a model that left a device.
package struct WriteBack: Sendable {
  /// The bytes that were written.
  package var bytes = 0
  /// Why something could not be written, and stayed on the device; the first reason of several.
  package var failure: (any Error)?

  /// Nothing, or why not.
  package init(failure: (any Error)? = nil) { self.failure = failure }
}
