import FerryCheckpoints
import FerryDevices
import FerryImages
import FerryResidency

/// Finds whatever would keep a workflow from being run to its end, as far as files and headers tell, before a
/// model is loaded. Every error has its line.
struct WorkflowCheck {
  let workflow: Workflow
  /// Where its models are going to be.
  let pool: ModelPool
  /// Whether files that are in the way of outputs may be replaced.
  let replacing: Bool

  func run() throws {
    let previews = try workflow.models.map { model in
      try at(model.line) { try preview(model) }
    }
    let known = Dictionary(uniqueKeysWithValues: zip(workflow.models.map(\.name), previews))
    for stage in workflow.stages {
      guard let preview = known[stage.model] else { preconditionFailure("stages name models") }
      try at(stage.line) { try check(stage, with: preview) }
    }
    try checkFiles()
  }

  // MARK: models

  private func preview(_ model: Workflow.Model) throws -> ModelPreview {
    let preview = try ModelPreview(path: workflow.resolved(model.checkpoint))
    guard workflow.stages.contains(where: { $0.model == model.name }) else { return preview }
    let pages = pool.pages(of: preview.layout)
    let least = min(pages.reduce(0, +), RingPlan.leastBytes(pages))
    guard least <= pool.budget else {
      let sizes = ByteCount.spelled(pages.reduce(0, +), least, pool.budget)
      throw error(
        nil,
        "the model '\(model.name)' takes \(sizes[0]) of \(pool.device), of which \(sizes[1]) must be there "
          + "at one time, and the budget is \(sizes[2]); give more with --vram or 'budget', take a smaller model, or "
          + "smaller pages with --page-size")
    }
    return preview
  }

  private func check(_ stage: Workflow.Stage, with model: ModelPreview) throws {
    let skill: ModelSkill =
      switch stage.task {
      case .choose: .embed
      case .generate: .generate
      case .upscale: .upscale
      }
    guard model.skill == skill else {
      throw error(
        nil,
        "the stage '\(stage.name)' needs a model that \(skill.rawValue), and '\(stage.model)' \(model.skill.rawValue)"
      )
    }
    switch stage.task {
    case .choose: _ = try ModelText(model.checkpoint).convention()
    case .generate(_, _, let usesChatTemplate, _):
      let text = try ModelText(model.checkpoint)
      if usesChatTemplate { try checkTemplate(text) }
    case .upscale:
      if let absence = Image.pngAbsence { throw error(nil, absence) }
    }
  }

  private func checkTemplate(_ text: ModelText) throws {
    do {
      _ = try text.template()
    } catch {
      throw self.error(nil, "\(error) (in a workflow: raw: true)")
    }
  }

  // MARK: files

  /// The images that stages read are there, or are what earlier steps write; where outputs go there is a folder.
  private func checkFiles() throws {
    var made = workflow.items.map { _ in [String: Set<String>]() }
    // The item that writes each file, by canonical path rather than spelling.
    var written: [String: Int] = [:]
    var read: Set<String> = []
    var outputsOfSteps: [(path: String, step: Workflow.Step)] = []
    for step in workflow.steps {
      let stage = workflow.stages[step.stage]
      let item = workflow.items[step.item]
      switch stage.task {
      case .choose(_, let choices): made[step.item][stage.name] = Set(choices.map(\.result))
      case .generate: break
      case .upscale(let image, let output):
        for path in image.possibilities(item: item, stages: made[step.item]) ?? [] {
          let place = FileTree.canonical(workflow.resolved(path))
          // If another item writes the file and it already exists, its present contents are read.
          if let writer = written[place], writer == step.item || !FileTree.exists(place) {
            continue
          }
          try checkInput(path, of: step)
          read.insert(place)
        }
        guard let outputs = output.possibilities(item: item, stages: made[step.item]) else {
          continue
        }
        let places = Set(outputs.map { FileTree.canonical(workflow.resolved($0)) })
        for path in outputs {
          let place = FileTree.canonical(workflow.resolved(path))
          try checkOutput(path, of: step, isTaken: places.count == 1 && written[place] != nil)
          try checkDestination(path, of: step, inputs: [])
          outputsOfSteps.append((path, step))
        }
        made[step.item][stage.name] = outputs
        for place in places { written[place] = step.item }
      }
    }
    for output in outputsOfSteps {
      try checkDestination(output.path, of: output.step, inputs: read)
    }
  }

  private func checkInput(_ path: String, of step: Workflow.Step) throws {
    guard FileTree.isRegular(workflow.resolved(path)) else {
      throw error(step, "there is no image '\(workflow.resolved(path))'")
    }
  }

  private func checkOutput(_ path: String, of step: Workflow.Step, isTaken: Bool) throws {
    let place = workflow.resolved(path)
    if let fault = PNGDestination.nameFault(place) { throw error(step, fault) }
    guard !isTaken else {
      throw error(step, "'\(place)' is written by two steps; name it by a field of the item")
    }
  }

  /// Throws if an output would replace a file that is not a PNG, or an image that a step reads in its original state.
  private func checkDestination(
    _ path: String, of step: Workflow.Step, inputs: Set<String>
  ) throws {
    do throws(CheckpointError) {
      _ = try Destination(
        workflow.resolved(path), .png, replacing: replacing, inputs: Array(inputs))
    } catch {
      throw self.error(step, "\(error)")
    }
  }

  // MARK: errors

  private func error(_ step: Workflow.Step, _ message: String) -> WorkflowError {
    error(workflow.stages[step.stage].line, "\(workflow.title(of: step)): \(message)")
  }

  private func error(_ line: Int?, _ message: String) -> WorkflowError {
    WorkflowError(path: workflow.path, line: line, message: message)
  }

  /// Gives the errors of `body` this line.
  private func at<Value>(_ line: Int?, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as WorkflowError {
      throw self.error(line, error.message)
    } catch {
      throw self.error(line, "\(error)")
    }
  }
}

extension Workflow {
  /// A step in words: the stage, and the item where there are several.
  func title(of step: Step) -> String {
    let name = "stage '\(stages[step.stage].name)'"
    return items.count > 1 ? "\(name), item \(step.item + 1)" : name
  }
}
