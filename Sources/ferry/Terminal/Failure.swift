import ArgumentParser
import Ferry
import Glibc

/// How a failure leaves the process: one line on stderr, and 1 (failed) or 64 (usage).
package struct Failure {
  /// The exit code; 0 for help and version requests, which arrive as errors too.
  package let code: Int32
  /// The message: printed on stdout for code 0, otherwise as one line on stderr.
  package let message: String

  /// The failure that `error` is.
  package init(_ error: any Error) {
    let exitCode = FerryCommand.exitCode(for: error)
    if let usage = error as? UsageError {
      (code, message) = (64, "\(usage)")
    } else if exitCode == .success {
      (code, message) = (0, FerryCommand.fullMessage(for: error) + "\n")
    } else if exitCode == .validationFailure {
      (code, message) = (64, FerryCommand.message(for: error) + Self.usageHint)
    } else {
      (code, message) = (1, error is CancellationError ? "interrupted" : "\(error)")
    }
  }

  /// Prints the message and ends the process.
  func exit() -> Never {
    guard code == 0 else { Ending.fail(message, code: code) }
    Ending.claimResult()
    Standard.output.write(message)
    Ending.finish()
    Glibc.exit(0)
  }

  private static let usageHint = " (see 'ferry help' and 'ferry help COMMAND')"
}
