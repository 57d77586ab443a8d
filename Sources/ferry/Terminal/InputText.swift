import ArgumentParser
import Ferry
import Glibc

/// Text arguments, of which '-' stands for stdin unless it follows '--'.
enum InputText {
  /// Returns the text, or for '-' all of stdin without its final newline.
  static func whole(_ text: String) throws -> String {
    guard isInput(text) else { return text }
    announce("the text")
    var bytes = try input()
    if bytes.last == newline { bytes.removeLast() }
    if bytes.last == carriageReturn { bytes.removeLast() }
    return try decoded(bytes)
  }

  /// Returns the texts, with '-' replaced by the lines of stdin, which is also read if there are no texts.
  static func lines(_ texts: [String]) throws -> [String] {
    guard !texts.isEmpty else { return try inputLines() }
    return try texts.flatMap { isInput($0) ? try inputLines() : [$0] }
  }

  private static let newline = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")

  private static func isInput(_ text: String) -> Bool {
    text == "-" && !CommandLine.arguments.contains("--")
  }

  /// Tells a user at a terminal that the command is waiting for input.
  private static func announce(_ what: String) {
    guard isatty(STDIN_FILENO) == 1, Standard.error.isTerminal else { return }
    Standard.error.write("ferry: reading \(what) from stdin; Ctrl-D ends it\n")
  }

  private static func inputLines() throws -> [String] {
    announce("texts, one a line,")
    var lines = try input().split(separator: newline, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else {
      throw ValidationError("there is no text; give some as arguments, or one a line on stdin")
    }
    return try lines.map { try decoded($0.last == carriageReturn ? $0.dropLast() : $0) }
  }

  private static func input() throws -> [UInt8] {
    var bytes: [UInt8] = []
    let piece = 1 << 16
    while true {
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: piece))
      let count = bytes.withUnsafeMutableBytes {
        read(STDIN_FILENO, UnsafeMutableRawBufferPointer(rebasing: $0[start...]).baseAddress, piece)
      }
      let reason = errno
      bytes.removeLast(piece - max(count, 0))
      if count == 0 { return bytes }
      guard count > 0 || reason == EINTR else {
        throw FerryError(
          .badArgument, "stdin cannot be read: \(String(cString: strerror(reason)))")
      }
    }
  }

  private static func decoded(_ bytes: some Collection<UInt8>) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FerryError(
        .badArgument, "stdin is no text in UTF-8; convert it, for example with 'iconv -t UTF-8'")
    }
    return text
  }
}
