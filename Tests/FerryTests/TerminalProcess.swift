import Foundation
import Glibc
import Testing

/// A finished run of `ferry` whose stdin and stderr were a terminal.
struct TerminalProcess {
  let code: Int32
  /// What came on stdout, which was a pipe.
  let output: String
  /// What was on the screen.
  let screen: String

  /// Runs it with `arguments`, and types `input`.
  init(_ arguments: [String], typing input: String = "") throws {
    let keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    defer { close(keyboard) }
    let device = open(try Self.device(of: keyboard), O_RDWR | O_NOCTTY)
    try #require(device >= 0)
    let terminal = FileHandle(fileDescriptor: device, closeOnDealloc: false)
    let process = Process()
    process.executableURL = CommandLineProcess.folder.appendingPathComponent("ferry")
    process.arguments = arguments
    let pipe = Pipe()
    (process.standardInput, process.standardError) = (terminal, terminal)
    process.standardOutput = pipe
    try process.run()
    close(device)
    let typed = Array(input.utf8)
    try #require(write(keyboard, typed, typed.count) == typed.count)
    output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    code = process.terminationStatus
    screen = Self.rest(of: keyboard)
  }

  /// The terminal's name, unlocked: Glibc's module has no `ptsname` and no `unlockpt`.
  private static func device(of keyboard: Int32) throws -> String {
    let (unlock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))
    var (isLocked, index) = (Int32(0), Int32(0))
    try #require(ioctl(keyboard, unlock, &isLocked) == 0 && ioctl(keyboard, number, &index) == 0)
    return "/dev/pts/\(index)"
  }

  /// What was written to a terminal that nobody has open any more.
  private static func rest(of keyboard: Int32) -> String {
    var (text, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while case let count = read(keyboard, &buffer, buffer.count), count > 0 {
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
