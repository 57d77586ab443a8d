import Foundation
import Testing

@Suite("A stdout that cannot be written", .timeLimit(.minutes(10)))
struct StandardStreamTests {
  private static let streams = [">/dev/full", ">&-"]

  @Test("is an error of every command", arguments: streams)
  func everyCommand(_ streams: String) throws {
    let folder = try TestFolder()
    let tokens = try TinyModel.write(to: folder("model")).tokens
    let list = tokens.map(String.init).joined(separator: ",")
    let model = folder("model")
    for arguments in [
      ["--help"], ["devices"], ["inspect", model], ["tokenize", model, "abc", "--json"],
      ["logits", model, "--tokens", list], ["move", model, "--route", "cpu", "--json"],
      ["generate", model, "a", "--raw", "--max-tokens", "3"],
    ] {
      let end = try StartedProcess(arguments, streams: streams).end()
      #expect(end.isFailure && end.errors.contains("stdout cannot be written"), "\(end)")
    }
    #expect(folder.names == ["model"])
  }

  @Test("does not take back a result, which the error names", arguments: streams)
  func resultStands(_ streams: String) throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let end = try StartedProcess(
      ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"], streams: streams
    ).end()
    #expect(end.isFailure && end.errors.contains("the result at \(folder("q")) stands"), "\(end)")
    #expect(folder.names.sorted() == ["model", "q"])
    #expect(try CommandLineProcess(["inspect", folder("q")]).code == 0)
  }

  @Test("because its reader is gone is an error, too")
  func readerIsGone() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let ferry = CommandLineProcess.folder.appendingPathComponent("ferry").path
    process.arguments = [
      "-c",
      "{ sleep 0.2; '\(ferry)' inspect '\(folder("model"))' 2>'\(folder("err"))'; echo $? >'\(folder("code"))'; } | true",
    ]
    try process.run()
    process.waitUntilExit()
    // The shell may not wait for the left side.
    for _ in 0..<6000 where !folder.names.contains("code") { usleep(5000) }
    usleep(50_000)
    #expect(try String(contentsOfFile: folder("code"), encoding: .utf8) == "1\n")
    let errors = try String(contentsOfFile: folder("err"), encoding: .utf8)
    #expect(errors.hasPrefix("ferry: error: stdout cannot be written"), "\(errors)")
    #expect(errors.filter(\.isNewline).count == 1)
  }

  @Test("No file that a command opens gets the number of a closed stream")
  func closedStreams() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let weights = URL(fileURLWithPath: folder("model/model.safetensors"))
    let before = try Data(contentsOf: weights)
    let arguments = ["quantize", folder("model"), "-o", folder("q"), "--format", "nf4"]
    let whole = try CommandLineProcess(arguments)
    #expect(whole.code == 0)
    let written = try Data(contentsOf: URL(fileURLWithPath: folder("q/model.safetensors")))
    let end = try StartedProcess(arguments + ["--force"], streams: "<&- >&- 2>&-").end()
    #expect(end.code == 1)
    #expect(try Data(contentsOf: weights) == before)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("q/model.safetensors"))) == written)
  }

  @Test("A stderr that cannot be written changes nothing")
  func closedErrors() throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    for streams in ["2>&-", "2>/dev/full"] {
      let end = try StartedProcess(["inspect", folder("model"), "--json"], streams: streams).end()
      #expect(end.code == 0 && end.output.hasPrefix("{"), "\(end)")
      let failed = try StartedProcess(["inspect", folder("no")], streams: streams).end()
      #expect(failed.code == 1 && failed.output.isEmpty, "\(failed)")
    }
  }
}
