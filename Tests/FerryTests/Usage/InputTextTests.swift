import Foundation
import Testing

/// Texts that come from stdin.
@Suite struct InputTextTests {
  private let folder: TestFolder
  private var model: String { folder("model") }

  init() throws {
    folder = try TestFolder()
    _ = try TinyModel.write(to: model, positions: 4096)
  }

  private func pieces(_ process: CommandLineProcess) throws -> String {
    try #require(process.document()["pieces"] as? [String], "\(process.errors)").joined()
  }

  @Test(
    "'-' is all of stdin, without the line's end that closes it", arguments: ["\n", "", "\r\n"])
  func wholeInput(_ end: String) throws {
    let process = try CommandLineProcess(
      ["tokenize", model, "-", "--json"], input: "one\ntwo\n\(end)")
    #expect(try pieces(process) == (end.isEmpty ? "oneĊtwo" : "oneĊtwoĊ"))
  }

  @Test("a prompt from stdin is the prompt of the command line")
  func prompts() throws {
    let options = ["--raw", "--max-tokens", "3", "--json"]
    let piped = try CommandLineProcess(["generate", model, "-"] + options, input: "ferry\n")
      .document()
    let given = try CommandLineProcess(["generate", model, "ferry"] + options).document()
    let dash = try CommandLineProcess(["generate", model] + options + ["--", "-"]).document()
    #expect(piped["tokens"] as? [Int] == given["tokens"] as? [Int])
    #expect(piped["promptTokens"] as? Int == 5 && dash["promptTokens"] as? Int == 1)
  }

  @Test("a text longer than an argument may be comes through stdin")
  func longText() throws {
    let text = String(repeating: "ab", count: 100_000)
    let long = try CommandLineProcess(
      ["tokenize", model, "-", "--json"], inputFile: folder.file(text))
    #expect(try pieces(long) == text)
    let tooLong = try CommandLineProcess(
      ["generate", model, "-", "--raw"], inputFile: folder.file(text))
    #expect(tooLong.isFailure(1) && tooLong.errors.contains("positions"), "\(tooLong.errors)")
  }

  @Test("what is no UTF-8 is a failure, and no other text")
  func notUTF8() throws {
    for command in [
      ["tokenize", model, "-"], ["generate", model, "-", "--raw"], ["embed", model],
    ] {
      let process = try CommandLineProcess(
        command, inputFile: folder.file(Data([0x61, 0xff, 0x0a])))
      #expect(process.isFailure(1) && process.errors.contains("UTF-8"), "\(process.errors)")
    }
  }

  @Test("at a terminal the command says that it waits, and nothing else on stdout")
  func waitsAtATerminal() throws {
    let encoder = folder("encoder")
    _ = try TinyEncoder.write(to: encoder)
    for (arguments, answer) in [
      (["embed", encoder, "--json"], "embeddings"), (["tokenize", model, "-", "--json"], "pieces"),
    ] {
      let terminal = try TerminalProcess(arguments, typing: "ferry\n\u{4}")
      #expect(terminal.code == 0 && terminal.screen.contains("from stdin; Ctrl-D ends it"))
      #expect(terminal.output.hasPrefix("{") && terminal.output.contains(answer))
    }
  }

  @Test("without a terminal nothing is said")
  func saysNothingElsewhere() throws {
    let process = try CommandLineProcess(["tokenize", model, "-"], input: "x")
    #expect(process.code == 0 && process.errors.isEmpty)
  }
}

extension TestFolder {
  /// A file with this text.
  fileprivate func file(_ text: String) throws -> String { try file(Data(text.utf8)) }

  fileprivate func file(_ data: Data) throws -> String {
    let path = self(UUID().uuidString)
    try data.write(to: URL(fileURLWithPath: path))
    return path
  }
}
