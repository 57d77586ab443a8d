import Glibc

/// The standard streams, written whole and at once: `print` buffers when stdout is a pipe.
enum Standard: Int32 {
  case output = 1
  case error = 2

  /// Whether the stream is a terminal.
  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all of `text`. Ends the process if stdout cannot be written; errors of stderr are ignored, because they
  /// could not be reported.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        waitUntilWritable()
        continue
      }
      guard count > 0 else { return giveUp(because: errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// The reader of a pipe may have set it to non-blocking mode.
  private func waitUntilWritable() {
    var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    poll(&descriptor, 1, -1)
  }

  private func giveUp(because code: Int32) {
    guard self == .output else { return }
    let reason = String(cString: strerror(code))
    Ending.fail("stdout cannot be written (\(reason)); write it to another file or program")
  }
}
