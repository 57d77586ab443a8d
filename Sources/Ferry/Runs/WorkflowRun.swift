import FerryCheckpoints
import FerryImages
import FerryResidency
import Synchronization

/// A workflow in progress: one step after the other, each with its model lent by the pool.
struct WorkflowRun {
  let workflow: Workflow
  let pool: ModelPool
  private let replacing: Bool
  private let log: RunLog
  /// The texts that stages made, by item.
  private var made: [[String: String]]
  private(set) var outcomes: [WorkflowReport.Outcome] = []
  /// Those that have turns to come.
  private var conversations: [ConversationKey: ModelSession] = [:]

  private struct ConversationKey: Hashable {
    let item: Int
    let name: String
  }

  init(_ workflow: Workflow, in pool: ModelPool, replacing: Bool, log: RunLog) {
    self.workflow = workflow
    self.pool = pool
    self.replacing = replacing
    self.log = log
    made = workflow.items.map { _ in [:] }
  }

  /// Does a step; what it throws says which one it was.
  mutating func perform(_ step: Workflow.Step) async throws {
    let stage = workflow.stages[step.stage]
    do {
      let (text, reason) = try await result(of: stage, item: step.item)
      endConversation(after: step)
      made[step.item][stage.name] = text
      outcomes.append(outcome(of: stage, item: step.item, text, reason))
    } catch let error as CancellationError {
      throw error
    } catch {
      throw WorkflowError(
        path: workflow.path, line: stage.line, message: "\(workflow.title(of: step)): \(error)")
    }
  }

  private func outcome(
    of stage: Workflow.Stage, item: Int, _ text: String, _ reason: FinishReason?
  ) -> WorkflowReport.Outcome {
    let isImage = if case .upscale = stage.task { true } else { false }
    return .init(
      item: item, stage: stage.name, text: isImage ? workflow.resolved(text) : text,
      isImage: isImage, finishReason: reason)
  }

  // MARK: tasks

  private mutating func result(
    of stage: Workflow.Stage, item: Int
  ) async throws -> (text: String, reason: FinishReason?) {
    let made = made[item]
    func filled(_ template: WorkflowTemplate) -> String {
      template.filled(item: workflow.items[item], stages: made)
    }
    switch stage.task {
    case .choose(let query, let choices):
      return (try await choose(filled(query), among: choices, stage), nil)
    case .generate(let prompt, let limit, let usesChatTemplate, let conversation):
      let options = GenerationOptions(maximumTokens: limit, usesChatTemplate: usesChatTemplate)
      if let conversation {
        let key = ConversationKey(item: item, name: conversation)
        return try await turn(filled(prompt), of: key, options, stage)
      }
      let generation = try await lend(stage) {
        try await $0.generate(filled(prompt), options: options)
      }
      return (generation.text, generation.finishReason)
    case .upscale(let image, let output):
      try await upscale(filled(image), to: filled(output), stage)
      return (filled(output), nil)
    }
  }

  /// A turn of a conversation, which begins with its first.
  private mutating func turn(
    _ prompt: String, of key: ConversationKey, _ options: GenerationOptions,
    _ stage: Workflow.Stage
  ) async throws -> (text: String, reason: FinishReason?) {
    let known = conversations[key]
    let (generation, session) = try await lend(stage) { model in
      let session = try known ?? model.openSession(options: options)
      return (try await session.generate(prompt, options: options), session)
    }
    conversations[key] = session
    return (generation.text, generation.finishReason)
  }

  /// Closes the conversation of a step that was its last turn.
  private mutating func endConversation(after step: Workflow.Step) {
    guard let name = workflow.stages[step.stage].conversation,
      workflow.stages.lastIndex(where: { $0.conversation == name }) == step.stage
    else { return }
    conversations.removeValue(forKey: ConversationKey(item: step.item, name: name))?.close()
  }

  /// The result of the choice that is nearest to `query`; of equals, the first.
  private func choose(
    _ query: String, among choices: [Workflow.Choice], _ stage: Workflow.Stage
  ) async throws -> String {
    let embeddings = try await lend(stage) { try await $0.embed([query] + choices.map(\.text)) }
    let nearness = choices.indices.map { embeddings.similarity(0, $0 + 1) }
    let best = choices.indices.reduce(0) { nearness[$1] > nearness[$0] ? $1 : $0 }
    return choices[best].result
  }

  private func upscale(_ input: String, to output: String, _ stage: Workflow.Stage) async throws {
    let image = try Image(pngAt: workflow.resolved(input))
    let destination = try PNGDestination(
      workflow.resolved(output), replacing: replacing, inputs: [workflow.resolved(input)])
    let asked = ContinuousClock.now
    let (result, lease) = try await pool.withUpscaler(stage.model) { model in
      let lease = RunLog.Lease(of: model.weights, asked: asked)
      return (try await model.upscale(image).image, lease.ended())
    }
    log.add(RunLog.Use(stage: stage, lease: lease))
    try destination.write(result)
  }

  private func lend<Value: Sendable>(
    _ stage: Workflow.Stage, _ body: (Model) async throws -> Value
  ) async throws -> Value {
    let asked = ContinuousClock.now
    let (value, lease) = try await pool.withModel(stage.model) { model in
      let lease = RunLog.Lease(of: model.weights, asked: asked)
      return (try await body(model), lease.ended())
    }
    log.add(RunLog.Use(stage: stage, lease: lease))
    return value
  }
}

extension Workflow.Stage {
  /// The conversation of which it is a turn.
  fileprivate var conversation: String? {
    if case .generate(_, _, _, let conversation) = task { conversation } else { nil }
  }
}
