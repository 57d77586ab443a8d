import Ferry
import FerryDeviceTesting
import Foundation
import Testing

/// SmolLM2-135M-Instruct, where `FERRY_TEST_WEIGHTS` names the folder that holds it.
enum SmolLM2 {
  /// The GGUF file; nil where there is none.
  static let path: String? = {
    guard let folder = ProcessInfo.processInfo.environment["FERRY_TEST_WEIGHTS"] else { return nil }
    let path = "\(folder)/SmolLM2-135M-Instruct.Q4_1.gguf"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// Quantizes the model into `folder`.
  static func quantize(_ format: [String], to folder: String) throws {
    let process = try CommandLineProcess(
      ["quantize", try #require(path), "-o", folder, "--format"] + format)
    try #require(process.code == 0, "\(process.errors)")
  }
}

@Suite(.enabled(if: SmolLM2.path != nil, "FERRY_TEST_WEIGHTS names no folder with SmolLM2"))
struct RealWeightsTests {
  @Test(arguments: [["nf4"], ["nf4", "--double-quant"], ["int8"]])
  func answersASimpleQuestionFromEveryDevice(_ format: [String]) throws {
    let folder = try TestFolder()
    try SmolLM2.quantize(format, to: folder("q"))
    for device in TestDevices.available {
      let document = try CommandLineProcess([
        "generate", folder("q"), "What is the capital of France?", "--device", "\(device)",
        "--max-tokens", "12", "--json",
      ]).document()
      let text = try #require(document["text"] as? String)
      #expect(text.contains("Paris"), "\(device): \(text)")
      #expect((document["tokens"] as? [Int])?.isEmpty == false)
    }
  }

  @Test func movesWithEveryByteChecked() throws {
    let folder = try TestFolder()
    try SmolLM2.quantize(["nf4", "--double-quant"], to: folder("q"))
    let target = try #require(TestDevices.available.last)
    let process = try CommandLineProcess([
      "move", folder("q"), "--route", "cpu,\(target),cpu,\(target),cpu", "--verify",
      "--drop-host-copy", "--json",
    ])
    #expect(try process.document()["identical"] as? Bool == true)
  }

  @Test func theFolderHasTheTokenizerOfTheFile() throws {
    let folder = try TestFolder()
    try SmolLM2.quantize(["nf4"], to: folder("q"))
    for text in Self.awkward {
      let file = try CommandLineProcess(["tokenize", try #require(SmolLM2.path), text, "--json"])
      let copy = try CommandLineProcess(["tokenize", folder("q"), text, "--json"])
      #expect(try #require(file.document()["ids"] as? [Int]).isEmpty == text.isEmpty)
      #expect(file.output == copy.output, "\(text.debugDescription)")
    }
  }

  private static let awkward = [
    "Hello world", "  two  spaces ", "3.14159 and 1,000", "It's we'LL", "naïve café",
    "日本語とemoji 👩‍👩‍👧", "<|im_start|>user\nHi<|im_end|>", "\t\r\n\u{a0}x",
  ]

  @Test func theExampleOfTheReadmeRuns() throws {
    let folder = try TestFolder()
    try SmolLM2.quantize(["nf4"], to: folder("q"))
    let process = try CommandLineProcess([folder("q")], program: "MoveAModel")
    #expect(process.code == 0, "\(process.errors)")
    #expect(process.output.contains("Paris") && process.output.hasSuffix("not a bit changed\n"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptedConversionLeavesNothing(_ number: Int32) throws {
    let folder = try TestFolder()
    let process = Process()
    process.executableURL = CommandLineProcess.folder.appendingPathComponent("ferry")
    process.arguments = [
      "quantize", try #require(SmolLM2.path), "-o", folder("q"), "--format", "nf4", "--device",
      "\(try #require(TestDevices.available.last))",
    ]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    while folder.names.isEmpty && process.isRunning { usleep(1000) }
    kill(process.processIdentifier, number)
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    #expect(String(decoding: complaint, as: UTF8.self) == "ferry: error: interrupted\n")
    #expect(folder.names.isEmpty)
  }

  @Test func aSeedGivesTheSameTextAndSamplingAnother() throws {
    let folder = try TestFolder()
    try SmolLM2.quantize(["nf4"], to: folder("q"))
    func text(seed: Int) throws -> String {
      let process = try CommandLineProcess([
        "generate", folder("q"), "Write a line about the sea.", "--temperature", "1.2", "--top-k",
        "50", "--top-p", "0.95", "--seed", "\(seed)", "--max-tokens", "12", "--json",
      ])
      return try #require(process.document()["text"] as? String)
    }
    let first = try text(seed: 1)
    #expect(try text(seed: 1) == first)
    #expect(try [2, 3, 4].contains { try text(seed: $0) != first })
  }
}
