import Glibc
import Synchronization

/// One line on stderr that shows how far long work has come; nothing where stderr is not a terminal.
struct ProgressLine: Sendable {
  private static let shown = Mutex<ContinuousClock.Instant?>(nil)
  let title: String

  /// Shows that `done` of `total` bytes are done, at most twenty times a second and once at the end.
  func show(_ done: Int, of total: Int) {
    show(done, of: total) { "\($0.spelledAsBytes) of \($1.spelledAsBytes)" }
  }

  /// The same for what is counted in `unit`.
  func show(_ done: Int, of total: Int, unit: String) {
    show(done, of: total) { "\($0) of \($1) \(unit)" }
  }

  private func show(_ done: Int, of total: Int, spelling: (Int, Int) -> String) {
    guard Standard.error.isTerminal, total > 0 else { return }
    let now = ContinuousClock.now
    let isDue = Self.shown.withLock { last in
      if let last, now - last < .milliseconds(50), done < total { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let width = 30
    let filled = min(width, width * done / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    Standard.error.write("\r\u{1b}[K\(title)  \(bar) \(spelling(done, total))")
  }

  /// Takes the line away.
  static func clear() {
    shown.withLock { last in
      if last != nil { Standard.error.write("\r\u{1b}[K") }
      last = nil
    }
  }
}
