import Glibc

/// The standard streams, written whole and at once: `print` buffers when stdout is a pipe.
enum Standard: Int32 {
  case output = 1
  case error = 2

  /// Whether the stream is a terminal.
  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all of `text`. A closed pipe ends the process, as it ends other filters.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { Glibc.exit(1) }
      rest = rest.dropFirst(count)
    }
  }
}
