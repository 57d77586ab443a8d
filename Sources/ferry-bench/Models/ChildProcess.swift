import FerryDevices
import FoundationEssentials
import Glibc

/// What a process took that has ended.
struct ChildProcess {
  /// From before it was started until it had ended.
  let seconds: Double
  /// Until the first byte on its standard output, or its end where there was none.
  let secondsToOutput: Double
  /// The most memory that was resident, as the system told within five milliseconds of its end.
  ///
  /// It is not what waiting for a process tells: in that the memory of the process that started it counts.
  let residentBytes: Int

  /// A program in the folder of this one.
  static func sibling(_ name: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/\(name)"
  }

  /// Runs a program to its end. What it says on standard error is shown; that it fails is an error.
  static func run(_ path: String, _ arguments: [String]) throws -> ChildProcess {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(path: path, reason: "no pipe could be made") }
    // Children of other threads do not keep it open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let start = ContinuousClock.now
    let child: pid_t
    do {
      defer { close(ends[1]) }
      child = try spawn(path, arguments, output: ends[1])
    }
    let output = drain(ends[0], of: child, since: start)
    var status = Int32(0)
    guard waitpid(child, &status, 0) == child, status == 0 else {
      throw Failure(path: path, reason: "it ended with status \(status):\n\(output.text)")
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return ChildProcess(
      seconds: seconds, secondsToOutput: output.first ?? seconds,
      residentBytes: output.residentBytes)
  }

  /// A program that did not run, or failed.
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var description: String { "\(path): \(reason)" }
  }

  private static func spawn(
    _ path: String, _ arguments: [String], output: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    var words = ([path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    var child = pid_t()
    let status = posix_spawn(&child, path, &actions, nil, words, environ)
    guard status == 0 else {
      throw Failure(path: path, reason: String(cString: strerror(status)))
    }
    return child
  }

  private struct Output {
    /// Seconds until the first byte.
    var first: Double?
    var bytes: [UInt8] = []
    var residentBytes = 0
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// Reads to the end, and looks at the memory of `child` every five milliseconds.
  private static func drain(
    _ end: Int32, of child: pid_t, since start: ContinuousClock.Instant
  ) -> Output {
    var output = Output()
    var buffer = [UInt8](repeating: 0, count: 65536)
    var waited = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
    while true {
      output.residentBytes = max(output.residentBytes, mostResidentBytes(of: child))
      guard poll(&waited, 1, 5) > 0 else { continue }
      let count = read(end, &buffer, buffer.count)
      guard count > 0 else { return output }
      output.first = output.first ?? (ContinuousClock.now - start) / .seconds(1)
      output.bytes += buffer[..<count]
    }
  }

  /// `VmHWM`: the most pages that were resident since the process runs its own program; 0 once it has ended.
  private static func mostResidentBytes(of child: pid_t) -> Int {
    SystemFile.text("/proc/\(child)/status").flatMap { SystemFile.fields($0)["VmHWM"] }.map {
      $0 * 1024
    }
      ?? 0
  }
}
