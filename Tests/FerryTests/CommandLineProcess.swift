import Foundation
import Testing

/// A finished run of a program that was built beside the tests.
struct CommandLineProcess {
  let code: Int32
  let output: String
  let errors: String

  /// Runs `program`, a product of the build or an absolute path, with `arguments` and `input`, or what a file holds, on
  /// stdin, and waits for it; `environment` is added to that of the tests.
  init(
    _ arguments: [String], program: String = "ferry", environment: [String: String] = [:],
    input: String? = nil, inputFile: String? = nil, currentFolder: String? = nil
  ) throws {
    let process = Process()
    if let currentFolder { process.currentDirectoryURL = URL(fileURLWithPath: currentFolder) }
    process.executableURL =
      program.hasPrefix("/")
      ? URL(fileURLWithPath: program) : Self.folder.appendingPathComponent(program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let stdin = Pipe()
    process.standardInput = input == nil ? FileHandle.nullDevice : stdin
    if let inputFile { process.standardInput = FileHandle(forReadingAtPath: inputFile) }
    try process.run()
    if let input {
      // Less than a pipe holds.
      stdin.fileHandleForWriting.write(Data(input.utf8))
      try stdin.fileHandleForWriting.close()
    }
    // Nothing that these tests run fills the pipe of stderr before stdout is read.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    code = process.terminationStatus
    self.output = String(decoding: text, as: UTF8.self)
    self.errors = String(decoding: complaints, as: UTF8.self)
  }

  /// The one JSON document on stdout.
  func document() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(value as? [String: Any], "\(output) \(errors)")
  }

  /// Whether this is how a failure looks: one line on stderr, nothing on stdout.
  func isFailure(_ code: Int32) -> Bool {
    self.code == code && output.isEmpty && errors.hasPrefix("ferry: error: ")
      && errors.filter(\.isNewline).count == 1
  }

  /// Where the build put its products.
  static var folder: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
  }
}

/// A folder for one test, removed afterwards.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// The names in it, hidden ones too.
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}
