import CEnds
import Glibc

/// The end of the process: a result and exit code 0, or one line on stderr, another exit code and no unfinished files
/// on disk. The first outcome wins, whether it comes from the command, a signal or a fault; a thread with a later
/// outcome waits for the process to end.
enum Ending {
  /// Installs the handlers for signals and faults. Must be called before any driver is opened, because a driver may
  /// install its own.
  static func install() { ferry_ends_install() }

  /// Declares that the command produces one result, at `destination`. Once the result exists under that name, the
  /// command has succeeded, whatever signal arrives.
  static func expectResult(at destination: String) {
    ferry_ends_expect_result("the result at \(destination.printable)")
  }

  /// Declares that all results of the command exist and only have to be reported.
  static func noteResults(_ name: String) { ferry_ends_expect_result(name) }

  /// Claims success; the result is then written to stdout.
  static func claimResult() { ferry_ends_claim_result() }

  /// Records that the result has been written.
  static func finish() { ferry_ends_finish() }

  /// Ends the process with one line on stderr.
  static func fail(_ message: String, code: Int32 = 1) -> Never {
    ferry_ends_claim_failure()
    ProgressLine.clear()
    let words = (message + remark).split(whereSeparator: \.isNewline).joined(separator: " ")
    Standard.error.write("ferry: error: \(words.printable)\n")
    exit(code)
  }

  /// The text to append to an error if the result nevertheless exists.
  private static var remark: String { String(cString: ferry_ends_remark()) }
}
