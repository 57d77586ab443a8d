import Foundation
import Testing

@testable import Ferry

/// A workflow of three tiny models in a folder: a writer, a finder and an enlarger.
struct TinyWorkflow {
  let folder: TestFolder
  var path: String { folder("workflow.yaml") }

  /// What a workflow of all three does with two items.
  static let stages = """
    stages:
      - name: subject
        model: finder
        choose: {query: "{item.wish}", among: [{text: harbour, result: one}, {text: ferry, result: two}]}
      - name: line
        model: writer
        generate: {prompt: "{item.wish} {subject}", max-tokens: 5, raw: true}
      - name: large
        model: enlarger
        upscale: {image: "{subject}.png", output: "{item.name}-large.png"}
    """

  static let items = """
    items:
      - {name: a, wish: The ferry leaves}
      - {name: b, wish: the harbour}
    """

  /// The writer alone, twice for each item.
  static let writing = """
    stages:
      - name: line
        model: writer
        generate: {prompt: "{item.wish}", max-tokens: 6, raw: true}
      - name: more
        model: writer
        generate: {prompt: "{line}", max-tokens: 3, raw: true}
    """

  /// The writer in a conversation, with the finder in between.
  static let conversation = """
    stages:
      - name: draft
        model: writer
        generate: {prompt: "{item.wish}", max-tokens: 5, raw: true, conversation: talk}
      - name: subject
        model: finder
        choose: {query: "{draft}", among: [harbour, ferry]}
      - name: more
        model: writer
        generate: {prompt: ", and", max-tokens: 4, raw: true, conversation: talk}
    """

  /// `head` comes before the models, `stages` after them.
  init(_ head: String = "", items: String = Self.items, stages: String = Self.stages) throws {
    folder = try TestFolder()
    _ = try TinyModel.write(to: folder("writer"))
    _ = try TinyEncoder.write(to: folder("finder"))
    for (source, name) in [
      ("compact.safetensors", "enlarger.safetensors"), ("tiny.png", "one.png"),
      ("tiny.png", "two.png"),
    ] {
      try FileManager.default.copyItem(atPath: Self.fixture(source), toPath: folder(name))
    }
    let models = "models: {finder: finder, writer: writer, enlarger: enlarger.safetensors}"
    let text = [head, models, items, stages].filter { !$0.isEmpty }.joined(separator: "\n")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// What a run leaves beside what was there.
  var made: [String] {
    let given = [
      "enlarger.safetensors", "finder", "one.png", "two.png", "workflow.yaml", "writer",
    ]
    return folder.names.filter { !given.contains($0) }.sorted()
  }

  private static func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("FerryModelsTests/Fixtures/RealESRGAN")
      .appendingPathComponent(name).path
  }
}

extension Workflow {
  /// What the models of a workflow make of its items without a pool, each alone on a device: texts by item and
  /// stage, and the pictures in their order.
  func resultsWithoutPool(
    _ engine: Engine, on device: Device
  ) async throws -> (texts: [[String: String]], pictures: [Image]) {
    var texts = items.map { _ in [String: String]() }
    var pictures: [Image] = []
    for step in steps {
      let (stage, item) = (stages[step.stage], items[step.item])
      func filled(_ template: WorkflowTemplate) -> String {
        template.filled(item: item, stages: texts[step.item])
      }
      let checkpoint = resolved(try #require(models.first { $0.name == stage.model }).checkpoint)
      switch stage.task {
      case .choose(let query, let choices):
        let model = try await engine.load(checkpoint, on: device)
        let found = try await model.embed([filled(query)] + choices.map(\.text))
        let best = choices.indices.max {
          found.similarity(0, $0 + 1) < found.similarity(0, $1 + 1)
        }
        texts[step.item][stage.name] = choices[try #require(best)].result
        try await model.to(.cpu)
      case .generate(let prompt, let limit, let usesChatTemplate, _):
        let model = try await engine.load(checkpoint, on: device)
        let options = GenerationOptions(
          maximumTokens: limit, usesChatTemplate: usesChatTemplate)
        texts[step.item][stage.name] = try await model.generate(
          filled(prompt), options: options
        ).text
        try await model.to(.cpu)
      case .upscale(let image, let output):
        let model = try await engine.loadUpscaler(checkpoint, on: device)
        pictures.append(try await model.upscale(Image(pngAt: resolved(filled(image)))).image)
        texts[step.item][stage.name] = resolved(filled(output))
        try await model.to(.cpu)
      }
    }
    return (texts, pictures)
  }
}
