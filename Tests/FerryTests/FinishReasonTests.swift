import Ferry
import Foundation
import Testing

/// Why a text ends.
@Suite struct FinishReasonTests {
  private let folder: TestFolder
  private var model: String { folder("model") }

  init() throws { folder = try TestFolder() }

  private func generate(_ limit: Int, _ prompt: String = "abcd") throws -> [String: Any] {
    try CommandLineProcess([
      "generate", model, prompt, "--raw", "--max-tokens", "\(limit)", "--json",
    ]).document()
  }

  @Test("at the most tokens it is length, also where there are none")
  func length() throws {
    _ = try TinyModel.write(to: model)
    for limit in [0, 1, 3] {
      let document = try generate(limit)
      #expect(document["finishReason"] as? String == "length")
      #expect((document["tokens"] as? [Int])?.count == limit)
    }
  }

  @Test("at the last position it is context")
  func context() throws {
    _ = try TinyModel.write(to: model, positions: 8)
    let document = try generate(100)
    #expect(document["finishReason"] as? String == "context")
    #expect((document["tokens"] as? [Int])?.count == 5)
  }

  @Test("at an end token it is stop, also on the API")
  func stop() async throws {
    _ = try TinyModel.write(to: model)
    let tokens = try #require(try generate(4)["tokens"] as? [Int])
    let end = tokens[2]
    let expected = try #require(tokens.firstIndex(of: end))
    try "{\"eos_token_id\": \(end)}".write(
      toFile: folder("model/generation_config.json"), atomically: true, encoding: .utf8)
    let document = try generate(4)
    #expect(document["finishReason"] as? String == "stop")
    #expect(document["tokens"] as? [Int] == Array(tokens[..<expected]))
    let loaded = try await Engine().load(model)
    let options = GenerationOptions(maximumTokens: 4, usesChatTemplate: false)
    #expect(try await loaded.generate("abcd", options: options).finishReason == .stop)
    let session = try loaded.openSession(options: options)
    #expect(try await session.generate("abcd").finishReason == .stop)
  }

  @Test("a terminal is told, in one line")
  func told() throws {
    _ = try TinyModel.write(to: model, positions: 8)
    let arguments = ["generate", model, "abcd", "--raw"]
    let short = try TerminalProcess(arguments + ["--max-tokens", "2"])
    #expect(short.code == 0 && short.screen.contains("ferry: note: stopped at --max-tokens 2"))
    let full = try TerminalProcess(arguments)
    #expect(full.screen.contains("stopped at the end of the model's context, 9 tokens"))
    let document = try TerminalProcess(arguments + ["--max-tokens", "2", "--json"])
    #expect(!document.screen.contains("note"))
    let piped = try CommandLineProcess(arguments)
    #expect(piped.code == 0 && piped.errors.isEmpty)
  }
}
