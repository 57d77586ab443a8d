import CEnds
import Glibc

/// The end of the process: a result and exit code 0, or one line on stderr, another code and nothing unfinished on the
/// disk. The first outcome wins, whether the command, a signal or a fault brings it; who comes later waits for the end.
enum Ending {
  /// Installs the handlers of signals and faults; before any driver is opened, which may install its own.
  static func install() { ferry_ends_install() }

  /// Says that the command makes one result, at `destination`: once it stands there, the command has succeeded, whatever
  /// signal comes.
  static func expectResult(at destination: String) {
    ferry_ends_expect_result("the result at \(destination.printable)")
  }

  /// Says that all results of the command stand, and are only to be reported.
  static func noteResults(_ name: String) { ferry_ends_expect_result(name) }

  /// Decides for the result, which is then written to stdout.
  static func claimResult() { ferry_ends_claim_result() }

  /// The result is written.
  static func finish() { ferry_ends_finish() }

  /// Ends the process with one line on stderr.
  static func fail(_ message: String, code: Int32 = 1) -> Never {
    ferry_ends_claim_failure()
    ProgressLine.clear()
    let words = (message + remark).split(whereSeparator: \.isNewline).joined(separator: " ")
    Standard.error.write("ferry: error: \(words.printable)\n")
    exit(code)
  }

  /// What an error adds where the result stands all the same.
  private static var remark: String { String(cString: ferry_ends_remark()) }
}
