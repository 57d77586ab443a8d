import Ferry

/// The engine that the commands run on; tests put one with faulty devices in its place.
package enum CommandEngine {
  @TaskLocal package static var current = Engine()
}

extension MoveOptions {
  /// For a model that goes to a device and no further: registered host memory would not pay, nor would a
  /// measurement of the link.
  static let once = MoveOptions(hostCopy: .asIs, measuringLink: false)
}
