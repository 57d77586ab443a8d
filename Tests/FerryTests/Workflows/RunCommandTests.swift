import Ferry
import FerryDeviceTesting
import Foundation
import Testing

@Suite(.enabled(if: Image.pngAbsence == nil, "needs libpng")) struct RunCommandTests {
  @Test func aRunIsToldAndDrawnAndPlanned() throws {
    let tiny = try TinyWorkflow("budget: 250KB")
    let (picture, trace) = (tiny.folder("run.svg"), tiny.folder("run.json"))
    let document = try CommandLineProcess([
      "run", tiny.path, "--page-size", "4096", "--timeline", picture, "--trace", trace, "--json",
    ]).document()
    #expect(document["policy"] as? String == "look-ahead" && document["device"] as? String == "cpu")
    #expect(document["budget"] as? Int == 250_000)
    let models = try #require(document["models"] as? [[String: Any]])
    #expect(models.map { $0["name"] as? String } == ["finder", "writer", "enlarger"])
    #expect(
      Set(models[0].keys) == [
        "name", "bytes", "loads", "bytesMoved", "bytesStreamed", "caches", "waits",
      ])
    let stages = try #require(document["stages"] as? [[String: Any]])
    #expect(stages.map { $0["name"] as? String } == ["subject", "line", "large"])
    let results = try #require(document["results"] as? [[String: Any]])
    #expect(results.count == 6)
    #expect(
      results[2]["path"] as? String == tiny.folder("a-large.png") && results[2]["text"] is NSNull)
    #expect(results[1]["text"] is String && results[1]["path"] is NSNull)
    #expect(["stop", "length"].contains(results[1]["finishReason"] as? String))
    #expect(results[0]["finishReason"] is NSNull && results[2]["finishReason"] is NSNull)
    #expect(tiny.made == ["a-large.png", "b-large.png", "run.json", "run.svg"])
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("enlarger"))
    let plan = try CommandLineProcess([
      "plan", trace, "--vram", "250KB", "--link", "1GB/s", "--json",
    ]).document()
    #expect(plan["requests"] as? Int == 6)
    #expect(plan["lowerBound"] as? Int == document["lowerBound"] as? Int)
  }

  /// What is larger than the memory is told, drawn and planned with what goes through its ring.
  @Test func aRunThroughRingsIsToldAndDrawnAndPlanned() throws {
    let tiny = try TinyWorkflow(stages: TinyWorkflow.writing)
    let (picture, trace) = (tiny.folder("run.svg"), tiny.folder("run.json"))
    let arguments = ["run", tiny.path, "--vram", "80KB", "--page-size", "4096"]
    let document = try CommandLineProcess(
      arguments + ["--timeline", picture, "--trace", trace, "--json"]
    ).document()
    let models = try #require(document["models"] as? [[String: Any]])
    let streamed = try #require(models[0]["bytesStreamed"] as? Int)
    #expect(streamed > 0 && document["bytesStreamed"] as? Int == streamed)
    let waits = try #require(models[0]["waits"] as? [String: Double])
    #expect(Set(waits.keys) == ["firstPage", "allPages", "ring"] && waits["ring"] ?? 0 > 0)
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(svg.contains("<rect class=\"stream\"") && svg.contains("through a ring"))
    let plan = try CommandLineProcess([
      "plan", trace, "--vram", "80KB", "--link", "1GB/s", "--json",
    ]).document()
    #expect(plan["lowerBound"] as? Int == document["lowerBound"] as? Int)
    let policies = try #require(plan["policies"] as? [[String: Any]])
    let moved = try #require(policies[0]["bytesMoved"] as? Int)
    #expect(moved >= plan["lowerBound"] as? Int ?? .max)
    // On paper a pass ends with its last page; the ring goes on to the pages of the next one.
    let difference = abs(moved - (document["bytesMoved"] as? Int ?? 0))
    #expect(difference < 100_000, "\(moved), \(document["bytesMoved"] ?? "")")
    let shown = try CommandLineProcess(arguments).output
    #expect(shown.contains("ring\n") && shown.contains(" through rings), "), "\(shown)")
    let paper = try CommandLineProcess([
      "plan", tiny.path, "--vram", "80KB", "--link", "1GB/s", "--page-size", "4096",
    ])
    #expect(paper.code == 0 && paper.output.contains("▓"), "\(paper.output) \(paper.errors)")
    let none = try CommandLineProcess(["plan", tiny.path, "--vram", "80KB", "--link", "1GB/s"])
    #expect(none.isFailure(1) && none.errors.contains("smaller pages"), "\(none.errors)")
  }

  /// Caches that leave with their model are told, drawn, and written down; a plan leaves them out.
  @Test(.enabled(if: TestDevices.absence == nil, "needs a second device"))
  func aRunWithConversationsIsToldAndDrawnAndPlanned() throws {
    let tiny = try TinyWorkflow(stages: TinyWorkflow.conversation)
    let device = try TestDevices.accelerator().device
    let (picture, trace) = (tiny.folder("run.svg"), tiny.folder("run.json"))
    let run = ["run", tiny.path, "--device", "\(device)", "--page-size", "4096"]
    let models = try CommandLineProcess(run + ["--json"]).document()["models"] as? [[String: Any]]
    let vram = try #require(models?.compactMap { $0["bytes"] as? Int }.max())
    let arguments = run + ["--vram", "\(vram)"]
    let document = try CommandLineProcess(
      arguments + ["--timeline", picture, "--trace", trace, "--json"]
    ).document()
    let caches = try #require(document["caches"] as? [String: Double])
    #expect(
      Set(caches.keys)
        == ["bytesWritten", "secondsWriting", "bytesReturned", "secondsReturning"])
    #expect(
      caches.values.allSatisfy { $0 > 0 } && caches["bytesWritten"] == caches["bytesReturned"])
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(svg.contains("<rect class=\"bringBack\"") && svg.contains(">caches</text>"))
    #expect(try String(contentsOfFile: trace, encoding: .utf8).contains("\"caches\""))
    let plan = try CommandLineProcess([
      "plan", trace, "--vram", "\(vram)", "--link", "1GB/s", "--json",
    ]).document()
    #expect(plan["lowerBound"] as? Int == document["lowerBound"] as? Int)
    let shown = try CommandLineProcess(arguments).output
    #expect(shown.contains("caches out") && shown.contains("\ncaches: "), "\(shown)")
  }

  /// What was finished is there, and nothing else, whatever the run was doing.
  @Test(arguments: TestDevices.available.prefix(2), [SIGINT, SIGTERM])
  func anInterruptedRunLeavesWhatItFinished(_ device: Device, _ number: Int32) throws {
    let tiny = try TinyWorkflow(
      "budget: 250KB",
      items: "items: [{image: one.png, name: a}, {image: two.png, name: b}]",
      stages: """
        stages:
          - {name: words, model: writer, generate: {prompt: "{item.name}", max-tokens: 2, raw: true}}
          - {name: large, model: enlarger, upscale: {image: "{item.image}", output: "{item.name}.png"}}
        """)
    let side = 1500
    try FileManager.default.removeItem(atPath: tiny.folder("two.png"))
    try Image(
      width: side, height: side, channels: 3, samples: Array(repeating: 90, count: 3 * side * side)
    ).writePNG(to: tiny.folder("two.png"))
    let process = Process()
    process.executableURL = CommandLineProcess.folder.appendingPathComponent("ferry")
    process.arguments = [
      "run", tiny.path, "--device", "\(device)", "--timeline", tiny.folder("run.svg"), "--trace",
      tiny.folder("run.json"),
    ]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // The first picture is there, and the second begun.
    while process.isRunning, !tiny.made.contains(where: { $0.hasPrefix(".b.png") }) { usleep(500) }
    usleep(20_000)
    kill(process.processIdentifier, number)
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    #expect(String(decoding: text, as: UTF8.self) == "ferry: error: interrupted\n")
    #expect(output.fileHandleForReading.readDataToEndOfFile().isEmpty)
    #expect(tiny.made == ["a.png"])
    #expect(try Image(pngAt: tiny.folder("a.png")).width == 160)
  }

  @Test func peopleSeeTextsAndTables() throws {
    let tiny = try TinyWorkflow("budget: 250KB")
    let process = try CommandLineProcess(["run", tiny.path, "--policy", "lru"])
    #expect(process.code == 0 && process.errors.isEmpty, "\(process.errors)")
    #expect(process.output.contains("the lower bound of") && process.output.contains(", lru\n"))
    #expect(process.output.contains("   1  large    \(tiny.folder("a-large.png"))"))
  }

  @Test func outputsThatExistAreKept() throws {
    let tiny = try TinyWorkflow("budget: 250KB")
    try FileManager.default.copyItem(
      atPath: tiny.folder("one.png"), toPath: tiny.folder("b-large.png"))
    let process = try CommandLineProcess(["run", tiny.path])
    #expect(process.isFailure(1) && process.errors.contains("--force"), "\(process.errors)")
    #expect(tiny.made == ["b-large.png"])
    #expect(try CommandLineProcess(["run", tiny.path, "--force"]).code == 0)
    #expect(try Image(pngAt: tiny.folder("b-large.png")).width == 160)
    let again = try CommandLineProcess(["run", tiny.path, "--timeline", tiny.folder("one.png")])
    #expect(again.isFailure(1))
  }

  /// However it is spelled, one place is written by one step, and no step writes what another one reads.
  @Test(arguments: ["./a-large.png", "one.png", "./two.png", "workflow.yaml"])
  func placesAreComparedAndNotSpellings(_ output: String) throws {
    let tiny = try TinyWorkflow("budget: 250KB")
    var text = try String(contentsOfFile: tiny.path, encoding: .utf8)
    text = text.replacingOccurrences(
      of: #"output: "{item.name}-large.png""#, with: #"output: "{item.output}""#)
    text = text.replacingOccurrences(of: "name: a", with: "name: a, output: a-large.png")
    text = text.replacingOccurrences(of: "name: b", with: "name: b, output: \(output)")
    try text.write(toFile: tiny.path, atomically: true, encoding: .utf8)
    let before = try Data(contentsOf: URL(fileURLWithPath: tiny.folder("one.png")))
    let process = try CommandLineProcess(["run", tiny.path, "--force"])
    #expect(process.isFailure(1) && process.errors.contains("workflow.yaml:"), "\(process)")
    #expect(tiny.made.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: tiny.folder("one.png"))) == before)
  }

  /// One line that says where, and nothing is left behind.
  @Test func whatIsWrongIsAFailure() throws {
    let tiny = try TinyWorkflow("budget: 250KB")
    for (arguments, code, word) in [
      ([tiny.path, "--vram", "10KB"], 1, "workflow.yaml:2: the model"),
      ([tiny.path, "--device", "cuda:77"], 1, "cuda:77"),
      ([tiny.path, "--timeline", tiny.folder("none/run.svg")], 1, "none"),
      ([tiny.folder("none.yaml")], 1, "cannot be read"),
      ([tiny.path, "--vram", "lots"], 64, "--vram"),
      ([tiny.path, "--policy", "best"], 64, "--policy"),
      ([tiny.path, "--device", "gpu"], 64, "--device"), ([], 64, "<WORKFLOW>"),
    ] as [([String], Int32, String)] {
      let process = try CommandLineProcess(["run"] + arguments)
      #expect(process.isFailure(code) && process.errors.contains(word), "\(process.errors)")
    }
    #expect(tiny.made.isEmpty)
    let unknown = try TinyWorkflow(
      stages: "stages: [{name: s, model: painter, generate: {prompt: x}}]")
    let process = try CommandLineProcess(["run", unknown.path])
    #expect(process.isFailure(1) && process.errors.contains("there is no model 'painter'"))
  }

  /// What a failed run has begun is gone; what it finished is there.
  @Test func aStepThatFailsEndsTheRun() throws {
    let tiny = try TinyWorkflow(
      "budget: 250KB",
      items: "items: [{image: one.png, name: a}, {image: two.png, name: b}]",
      stages: """
        stages:
          - {name: large, model: enlarger, upscale: {image: "{item.image}", output: "{item.name}.png"}}
        """)
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: tiny.folder("two.png")))
    let process = try CommandLineProcess([
      "run", tiny.path, "--json", "--timeline", tiny.folder("run.svg"),
    ])
    #expect(process.isFailure(1), "\(process.output) \(process.errors)")
    #expect(process.errors.contains("stage 'large', item 2"))
    #expect(tiny.made == ["a.png"])
  }
}
