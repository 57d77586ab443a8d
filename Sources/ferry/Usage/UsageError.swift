/// A command line that cannot be understood: exit code 64.
package struct UsageError: Error, CustomStringConvertible {
  /// What is wrong with it, and what would be right.
  let message: String
  /// The command that was meant; nil where that is the question.
  let command: String?

  init(_ message: String, of command: String? = nil) {
    self.message = message
    self.command = command
  }

  /// The message, and where there is more to read.
  package var description: String {
    "\(message) (see '\(["ferry help", command].compactMap(\.self).joined(separator: " "))')"
  }
}
