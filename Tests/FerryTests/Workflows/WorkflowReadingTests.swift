import Glibc
import Testing

@testable import Ferry

@Suite struct WorkflowReadingTests {
  /// Writes a file, reads it as a workflow, and takes it away.
  private static func read(_ text: String) throws -> Workflow {
    let path = "/tmp/ferry-workflow-\(getpid())-\(UInt64.random(in: 0 ... .max)).yaml"
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
    defer { unlink(path) }
    return try Workflow(contentsOf: path)
  }

  private static let whole = """
    device: opencl:0
    budget: 60%
    order: stages
    models:
      finder: minilm
      writer: /models/smollm2
      enlarger: x2.safetensors
    items:
      - {question: Where do ships go, name: ships}
      - {question: What flies, name: birds}
    stages:
      - name: picture
        model: finder
        choose:
          query: "{item.question}?"
          among:
            - {text: a harbour, result: harbour.png}
            - a bird
      - name: caption
        model: writer
        seconds: 0.5
        generate: {prompt: "Describe {picture} {{in words}}.", max-tokens: 16, raw: true}
      - name: large
        model: enlarger
        upscale: {image: "{picture}", output: "{item.name}-large.png"}
    """

  @Test func aWholeWorkflowIsRead() throws {
    let workflow = try Self.read(Self.whole)
    #expect(workflow.device == .opencl(0))
    #expect(workflow.budget == .share(0.6))
    #expect(workflow.models.map(\.name) == ["finder", "writer", "enlarger"])
    #expect(workflow.resolved("minilm").hasPrefix("/tmp/"))
    #expect(workflow.resolved("/models/smollm2") == "/models/smollm2")
    #expect(workflow.steps.map(\.item) == [0, 1, 0, 1, 0, 1])
    guard case .generate(let prompt, let tokens, false, nil) = workflow.stages[1].task else {
      Issue.record("the second stage generates")
      return
    }
    #expect(tokens == 16)
    #expect(
      workflow.models.map(\.line) == [5, 6, 7] && workflow.stages.map(\.line) == [12, 19, 23])
    let filled = prompt.filled(item: workflow.items[1], stages: ["picture": "a bird"])
    #expect(filled == "Describe a bird {in words}.")
  }

  @Test(arguments: [("100 MB", MemoryAmount.bytes(100_000_000)), ("12.5 %", .share(0.125))])
  func aBudgetMayHaveABlank(text: String, budget: MemoryAmount) throws {
    let stage = "{name: s, model: a, generate: {prompt: x}}"
    #expect(try Self.read("models: {a: b}\nbudget: \(text)\nstages: [\(stage)]").budget == budget)
  }

  @Test(arguments: [
    ("to: 1", 1, "unknown here"),
    ("models: {a: b}", 1, "'stages' is missing"),
    ("models: {a: b}\nstages: []", 1, "at least one stage"),
    (
      "models: {a: b}\ndevice: gpu\nstages: []", 2,
      "a device (cpu, cuda:N or opencl:N) belongs here, not 'gpu'"
    ),
    ("models: {a: b}\nbudget: 120%\nstages: []", 2, "at most 100%"),
    ("models: {a: b}\nbudget: lots\nstages: []", 2, "belongs here, not 'lots'"),
    (
      "models: {a: b}\nstages:\n  - name: s\n    model: c\n    generate: {prompt: x}", 4,
      "no model 'c'"
    ),
    ("models: {a: b}\nstages:\n  - name: s\n    model: a", 3, "one task"),
    (
      "models: {a: b}\nstages:\n  - name: s\n    model: a\n    generate: {prompt: \"{later}\"}", 5,
      "no stage 'later'"
    ),
    (
      "models: {a: b}\nstages:\n  - name: s\n    model: a\n    generate: {prompt: \"{item.x}\"}", 5,
      "there are no items whose field 'x'"
    ),
    (
      """
      models: {a: b}
      items: [{x: y, n: o}, {n: p}]
      stages:
        - {name: s, model: a, generate: {prompt: "{item.x}"}}
      """, 4, "item 2 has no field 'x'; it has 'n'"
    ),
    (
      "models: {a: b}\nitems: [text]\nstages: [{name: s, model: a, generate: {prompt: '{item.x}'}}]",
      3, "item 1 has no field 'x'; it has 'value'"
    ),
    (
      "models: {a: b}\nstages:\n  - name: s\n    model: a\n    generate: {prompt: \"{open\"}", 5,
      "single brace"
    ),
    (
      "models: {a: b}\nstages:\n  - name: s\n    model: a\n    generate: {prompt: x, raw: 1}", 5,
      "true or false"
    ),
    (
      """
      models: {a: b}
      stages:
        - {name: s, model: a, generate: {prompt: x, raw: true, conversation: c}}
        - {name: t, model: a, generate: {prompt: x, conversation: c}}
      """, 4, "'raw' in all its stages or in none"
    ),
    (
      """
      models: {a: b, c: d}
      stages:
        - {name: s, model: a, generate: {prompt: x, conversation: c}}
        - {name: t, model: c, generate: {prompt: x, conversation: c}}
      """, 4, "has one model"
    ),
    ("models: {a: b}\nstages: [\n", 3, "no YAML"),
    ("models: {a: b, a: c}\nstages: []", 1, "twice"),
    // Two keys to YAML, a number and a text; one name here.
    ("models:\n  1: b\n  '1': c\nstages: []", 3, "twice: 1"),
    (
      "models: {a: b}\nitems:\n- {1: x,\n   '1': y}\nstages: [{name: s, model: a, generate: {prompt: x}}]",
      4, "twice: 1"
    ),
  ])
  func whatIsWrongIsToldWithItsLine(text: String, line: Int, message: String) {
    #expect {
      try Self.read(text)
    } throws: { error in
      guard let error = error as? WorkflowError else { return false }
      return error.line == line && error.message.contains(message)
    }
  }
}
