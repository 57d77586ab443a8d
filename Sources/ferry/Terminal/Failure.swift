import ArgumentParser
import Ferry
import Glibc
import Synchronization

/// How a failure leaves the process: one line on stderr, and 1 (failed) or 64 (usage).
package struct Failure {
  /// The exit code; 0 for help and version requests, which arrive as errors too.
  package let code: Int32
  /// What to print: on stdout for code 0, else one line on stderr.
  package let message: String

  /// The failure that `error` is.
  package init(_ error: any Error) {
    let exitCode = FerryCommand.exitCode(for: error)
    if let usage = error as? UsageError {
      (code, message) = (64, Self.line("\(usage)"))
    } else if exitCode == .success {
      (code, message) = (0, FerryCommand.fullMessage(for: error) + "\n")
    } else if exitCode == .validationFailure {
      (code, message) = (64, Self.line(FerryCommand.message(for: error) + Self.usageHint))
    } else {
      (code, message) = (1, Self.line(error is CancellationError ? "interrupted" : "\(error)"))
    }
  }

  private static let isEnding = Atomic<Bool>(false)

  /// Does `last`, prints the message and exits. Of two threads that fail, as when an interruption takes away
  /// what the other is writing, the first ends the process and the other waits for it.
  func exit(after last: () -> Void = {}) -> Never {
    if Self.isEnding.exchange(true, ordering: .acquiringAndReleasing) { while true { pause() } }
    last()
    ProgressLine.clear()
    (code == 0 ? Standard.output : Standard.error).write(message)
    Glibc.exit(code)
  }

  private static func line(_ message: String) -> String {
    let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "ferry: error: \(words.printable)\n"
  }

  private static let usageHint = " (see 'ferry help' and 'ferry help COMMAND')"
}

/// SIGINT, SIGTERM and SIGHUP count as failures: what was being written is removed.
///
/// A handler may do next to nothing, so it wakes a thread through a pipe, and that thread cleans up. Handlers
/// are installed before any driver is opened: LLVM, inside PoCL, puts its own in front and raises the signal
/// again for these.
enum Interruption {
  private nonisolated(unsafe) static var pipeEnds: [Int32] = [-1, -1]

  /// Installs the handlers, but for signals that the parent wants ignored (`nohup`).
  static func install() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    pipeEnds = ends
    Thread.start {
      var byte: UInt8 = 0
      while read(pipeEnds[0], &byte, 1) != 1 {}
      Failure(CancellationError()).exit { Engine.removeUnfinishedFiles() }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
      signal(number) { _ in
        var byte: UInt8 = 1
        _ = write(Interruption.pipeEnds[1], &byte, 1)
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
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
