public import FerryDevices

/// Stages of work that use several models on one device whose memory is smaller than all of them together.
public struct Workflow: Sendable {
  /// A model by the name that stages use.
  public struct Model: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The checkpoint, as written in the file: relative to it.
    public let checkpoint: String
    /// The line of the file, from 1 on.
    public let line: Int?
  }

  /// One step of the work on an item.
  public struct Stage: Sendable {
    /// Its name, under which later stages use what it made.
    public let name: String
    /// The name of its model.
    public let model: String
    /// What it does.
    public let task: Task
    /// How long it computes, for plans; what is measured takes its place in a run.
    public let seconds: Double
    /// The line of the file, from 1 on.
    public let line: Int?
  }

  /// What a stage does with its model.
  public enum Task: Sendable {
    /// Embeds a text; the result is whichever of `choices` is nearest by cosine.
    case choose(query: WorkflowTemplate, choices: [Choice])
    /// Continues a prompt, put into the model's chat template unless it is to stay as it is; the result is the text. Stages
    /// with the same conversation are turns of it, one for each item, whose cache stays between them.
    case generate(
      prompt: WorkflowTemplate, maximumTokens: Int, usesChatTemplate: Bool, conversation: String?)
    /// Enlarges an image; the result is the path of the new one.
    case upscale(image: WorkflowTemplate, output: WorkflowTemplate)
  }

  /// Something that a query may choose.
  public struct Choice: Hashable, Sendable {
    /// The text that is compared.
    public let text: String
    /// The result where it is the nearest.
    public let result: String
  }

  /// In which order items and stages are gone through.
  public enum Order: String, Sendable, CaseIterable {
    /// All stages of an item, then the next item.
    case items
    /// All items of a stage, then the next stage.
    case stages
  }

  /// The file it was read from.
  public let path: String
  /// The device its models run on.
  public let device: Device
  /// The device bytes its models may hold together.
  public let budget: MemoryAmount
  /// Its models, in the order of the file.
  public let models: [Model]
  /// The stages, in their order.
  public let stages: [Stage]
  /// What is worked on, by field.
  public let items: [[String: String]]
  /// In which order.
  public let order: Order

  /// One stage for one item.
  public struct Step: Hashable, Sendable {
    /// The number of the item.
    public let item: Int
    /// The number of the stage.
    public let stage: Int
  }

  /// The steps in the order they are done.
  public var steps: [Step] {
    switch order {
    case .items:
      items.indices.flatMap { item in stages.indices.map { Step(item: item, stage: $0) } }
    case .stages:
      stages.indices.flatMap { stage in items.indices.map { Step(item: $0, stage: stage) } }
    }
  }

  /// A path of the file, which is relative to the file's folder.
  public func resolved(_ other: String) -> String {
    guard !other.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return other }
    return path[...slash] + other
  }
}
