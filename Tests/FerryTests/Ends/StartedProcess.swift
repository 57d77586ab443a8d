import Foundation
import Testing

/// A `ferry` process that runs while a test looks at it, started by a shell that sets limits and streams up.
final class StartedProcess {
  /// How a process ended.
  struct End {
    /// Its exit code; 128 and the signal's number where a signal ended it; nil where it had to be killed.
    let code: Int32?
    let output: String
    let errors: String

    /// Whether it ended with one line on stderr, nothing on stdout, and exit code 1.
    var isFailure: Bool { code == 1 && output.isEmpty && hasOneLine }

    /// Whether it said one thing on stderr.
    var hasOneLine: Bool {
      errors.hasPrefix("ferry: error: ") && errors.filter(\.isNewline).count == 1
    }

    /// Whether it ended with a result and no word of an error.
    var isSuccess: Bool { code == 0 && errors.isEmpty }

    /// Whether the system could not even start it under its limits.
    var wasNotStarted: Bool { code == 127 || code == 126 }
  }

  private let process = Process()
  private let folder: TestFolder
  /// What it reads, as long as the test keeps it open.
  let input = Pipe()

  /// Starts `ferry` with `arguments`. `setup` is what the shell does first (`ulimit -v 100000`), and `streams` what it does
  /// with the standard streams (`>&-`); without that they are files.
  init(
    _ arguments: [String], setup: String = ":", streams: String = "",
    environment: [String: String] = [:]
  ) throws {
    folder = try TestFolder()
    let ferry = CommandLineProcess.folder.appendingPathComponent("ferry").path
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      [
        "-c", "\(setup)\nexec \"$@\" >'\(folder("out"))' 2>'\(folder("err"))' \(streams)", "sh",
        ferry,
      ] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  var isRunning: Bool { process.isRunning }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until `condition` holds; false where the process ends, or a minute passes, before that.
  func wait(until condition: () -> Bool) -> Bool {
    // On this thread: beside tests that keep all others busy, a task that sleeps wakes when it is over.
    for _ in 0..<60_000 where process.isRunning {
      if condition() { return true }
      usleep(1000)
    }
    return condition()
  }

  /// Waits until the process handles signals as it wants to.
  func waitUntilReady() -> Bool {
    wait { [process] in
      let path = "/proc/\(process.processIdentifier)/status"
      guard let text = try? String(contentsOfFile: path, encoding: .utf8),
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }),
        let mask = UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
      else { return false }
      return mask & 1 << UInt64(SIGXCPU - 1) != 0
    }
  }

  /// Waits until it has mapped the file at `path`.
  func waitUntilMapped(_ path: String) -> Bool {
    wait { [process] in
      let maps = "/proc/\(process.processIdentifier)/maps"
      return (try? String(contentsOfFile: maps, encoding: .utf8))?.contains(path) ?? false
    }
  }

  /// Waits for its end, at most so many seconds.
  func end(within seconds: Int = 60) -> End {
    let isOver = (0..<seconds * 200).contains { _ in
      if !process.isRunning { return true }
      usleep(5000)
      return false
    }
    if !isOver { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    let signal: Int32 = process.terminationReason == .exit ? 0 : 128
    return End(
      code: isOver ? signal + process.terminationStatus : nil, output: text("out"),
      errors: text("err"))
  }

  private func text(_ name: String) -> String {
    FileManager.default.contents(atPath: folder(name)).map { String(decoding: $0, as: UTF8.self) }
      ?? ""
  }
}

/// A weight file that takes no room on the disk and long to go through: one matrix of zeros.
enum SparseWeights {
  /// Writes it: f32 of `rows` rows of 4096 columns.
  static func write(to path: String, rows: Int) throws {
    let size = rows * 4096 * 4
    let text =
      #"{"model.layer.weight":{"dtype":"F32","shape":[\#(rows),4096],"data_offsets":[0,\#(size)]}}"#
    let header = text.padding(toLength: 4088, withPad: " ", startingAt: 0)
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    try (length + Data(header.utf8)).write(to: URL(fileURLWithPath: path))
    #expect(truncate(path, off_t(4096 + size)) == 0)
  }
}
