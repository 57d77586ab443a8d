import Ferry
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
      Set(models[0].keys) == ["name", "bytes", "loads", "bytesMoved", "stallSeconds"])
    let stages = try #require(document["stages"] as? [[String: Any]])
    #expect(stages.map { $0["name"] as? String } == ["subject", "line", "large"])
    let results = try #require(document["results"] as? [[String: Any]])
    #expect(results.count == 6)
    #expect(
      results[2]["path"] as? String == tiny.folder("a-large.png") && results[2]["text"] is NSNull)
    #expect(results[1]["text"] is String && results[1]["path"] is NSNull)
    #expect(tiny.made == ["a-large.png", "b-large.png", "run.json", "run.svg"])
    let svg = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("enlarger"))
    let plan = try CommandLineProcess([
      "plan", trace, "--vram", "250KB", "--link", "1GB/s", "--json",
    ]).document()
    #expect(plan["requests"] as? Int == 6)
    #expect(plan["lowerBound"] as? Int == document["lowerBound"] as? Int)
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
    try Data("mine".utf8).write(to: URL(fileURLWithPath: tiny.folder("b-large.png")))
    let process = try CommandLineProcess(["run", tiny.path])
    #expect(process.isFailure(1) && process.errors.contains("--force"), "\(process.errors)")
    #expect(tiny.made == ["b-large.png"])
    #expect(try CommandLineProcess(["run", tiny.path, "--force"]).code == 0)
    #expect(try Image(pngAt: tiny.folder("b-large.png")).width == 160)
    let again = try CommandLineProcess(["run", tiny.path, "--timeline", tiny.folder("one.png")])
    #expect(again.isFailure(1))
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
      ([tiny.path, "--device", "gpu"], 64, "--device"), ([], 64, "workflow"),
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
