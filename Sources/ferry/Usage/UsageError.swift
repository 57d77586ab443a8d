/// An error for a command line that cannot be parsed: exit code 64.
package struct UsageError: Error, CustomStringConvertible {
  /// A description of the error and of valid input.
  let message: String
  /// The command that was requested; nil if that is unknown.
  let command: String?

  init(_ message: String, of command: String? = nil) {
    self.message = message
    self.command = command
  }

  /// The message, followed by the help command to run.
  package var description: String {
    "\(message) (see '\(["ferry help", command].compactMap(\.self).joined(separator: " "))')"
  }
}
