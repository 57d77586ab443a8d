import ArgumentParser
import Ferry
import Glibc

/// How a failure leaves the process: one line on stderr, and 1 (failed) or 64 (usage).
package struct Failure {
  /// The exit code; 0 for help and version requests, which arrive as errors too.
  package let code: Int32
  /// What to print: on stdout for code 0, else one line on stderr.
  package let message: String

  /// The failure that `error` is.
  package init(_ error: any Error) {
    let exitCode = FerryCommand.exitCode(for: error)
    if exitCode == .success {
      (code, message) = (0, FerryCommand.fullMessage(for: error) + "\n")
    } else if exitCode == .validationFailure {
      (code, message) = (64, Self.line(FerryCommand.message(for: error) + Self.usageHint))
    } else {
      (code, message) = (1, Self.line(error is CancellationError ? "interrupted" : "\(error)"))
    }
  }

  /// Prints the message and exits.
  func exit() -> Never {
    ProgressLine.clear()
    (code == 0 ? Standard.output : Standard.error).write(message)
    Glibc.exit(code)
  }

  private static func line(_ message: String) -> String {
    let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "ferry: error: \(words)\n"
  }

  private static let usageHint = " (see 'ferry help' and 'ferry help COMMAND')"
}

/// SIGINT and SIGTERM count as failures: what was being written is removed.
enum Interruption {
  /// Waits for the signals on a thread of its own, so that cleaning up may do anything.
  static func install() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let waited = signals
    Thread.start {
      var signals = waited
      var received: Int32 = 0
      sigwait(&signals, &received)
      Engine.removeUnfinishedFiles()
      Failure(CancellationError()).exit()
    }
  }
}

/// The one thread that the command starts itself.
private enum Thread {
  static func start(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, box)
    pthread_detach(thread)
  }

  private final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
