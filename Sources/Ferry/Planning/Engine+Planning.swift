import FerryCheckpoints
import FerryDevices
import FerryModels
import FerryResidency
import FerryTensors

extension Engine {
  /// Replays a workflow or a recorded trace on paper, by each policy: nothing is loaded but headers.
  ///
  /// - Parameters:
  ///   - path: A workflow, or a file with `models` and `requests`.
  ///   - budget: The device bytes that models may hold together; where it is nil, what the file says.
  ///   - bytesPerSecond: The rate of the link.
  ///   - pageByteCount: The size of pages, where a trace does not list them; nil: that of a pool in this budget.
  @concurrent
  public func plan(
    _ path: String, budget: Int? = nil, bytesPerSecond: Double, pageByteCount: Int? = nil
  ) async throws -> PlanReport {
    let root = try YAMLValue(contentsOf: path)
    let fields = try root.mapping()
    let isTrace = fields.contains { $0.key == "requests" }
    let workflow = try isTrace ? nil : Workflow(contentsOf: path)
    let written = fields.first { $0.key == "budget" }?.value
    guard let budget = try budget ?? written?.paperBudget() else {
      throw root.error("there is no budget; plan with one, such as --vram 24GB")
    }
    let pageByteCount = pageByteCount ?? PagedWeights.pageByteCount(within: budget)
    let trace =
      try workflow.map { try self.trace(of: $0, pageByteCount: pageByteCount) }
      ?? RequestTrace(root, pageByteCount: pageByteCount)
    return try Self.report(trace, path: path, budget: budget, bytesPerSecond: bytesPerSecond)
  }

  /// Replays a generated trace; the budget belongs to it.
  public static func planGenerated(
    _ trace: GeneratedTrace, seed: UInt64, bytesPerSecond: Double
  ) throws -> PlanReport {
    var generator = TraceGenerator(seed: seed)
    let problem = generator.problem(trace.kind)
    return try report(
      problem.trace, path: trace.rawValue, budget: problem.budget, bytesPerSecond: bytesPerSecond)
  }

  /// What a workflow asks for. Models have the pages they would have on the device.
  func trace(of workflow: Workflow, pageByteCount: Int) throws -> RequestTrace {
    let models = try workflow.models.map { model in
      let layout = try workflow.layout(of: model)
      return RequestTrace.Model(
        name: model.name,
        segments: layout.slabs(limit: pageByteCount).map(\.imageRange.count))
    }
    let numbers = Dictionary(uniqueKeysWithValues: models.indices.map { (models[$0].name, $0) })
    let requests = workflow.steps.compactMap { step -> RequestTrace.Request? in
      let stage = workflow.stages[step.stage]
      return numbers[stage.model].map {
        .init(model: $0, seconds: stage.seconds, passes: stage.task.expectedPasses)
      }
    }
    return RequestTrace(models: models, requests: requests)
  }

  private static func report(
    _ trace: RequestTrace, path: String, budget: Int, bytesPerSecond: Double
  ) throws -> PlanReport {
    if let model = trace.mostDemanding, model.leastBytes > budget {
      let sizes = ByteCount.spelled(model.leastBytes, budget)
      throw FerryError(
        .badArgument,
        "\(path): the model '\(model.name)' needs \(sizes[0]), even through a ring of its pages, and "
          + "the budget is \(sizes[1]); plan with a larger one, or with smaller pages")
    }
    guard trace.isCountable else {
      throw FerryError(
        .badArgument,
        "\(path): its requests may move more bytes than can be counted; plan fewer passes")
    }
    let replay = Replay(trace, budget: budget, bytesPerSecond: bytesPerSecond)
    let policies: [(any EvictionPolicy, foresight: Bool)] = [
      (LookAhead(), true), (ExpectedReuse(), false), (LeastRecentlyUsed(), false),
    ]
    return PlanReport(
      models: trace.models.map(\.name), modelBytes: trace.models.map(\.byteCount),
      requestCount: trace.requests.count, budget: budget, bytesPerSecond: bytesPerSecond,
      lowerBound: replay.lowerBound(),
      policies: policies.map { policy, foresight in
        PlanReport.PolicyCost(policy.name, replay.run(policy, foresight: foresight))
      })
  }
}

extension YAMLValue {
  /// A budget in bytes: there is no device whose share could be meant.
  fileprivate func paperBudget() throws -> Int {
    guard try !string().hasSuffix("%") else {
      throw error(
        "a share of a device's memory is no number of bytes; plan with one, such as --vram 24GB")
    }
    return try byteCount()
  }
}

extension Workflow {
  /// The segments of a model, by its files' headers; an error has its line.
  fileprivate func layout(of model: Model) throws -> WeightLayout {
    do {
      return try ModelLoader.layout(of: Checkpoint(path: resolved(model.checkpoint)))
    } catch {
      throw WorkflowError(path: path, line: model.line, message: "\(error)")
    }
  }
}

extension Workflow.Task {
  /// How many passes it makes through its model, as far as the file tells: a token each.
  var expectedPasses: Int {
    switch self {
    case .generate(_, let maximumTokens, _, _): maximumTokens
    case .choose, .upscale: 1
    }
  }
}

extension PlanReport.PolicyCost {
  fileprivate init(_ name: String, _ result: ReplayResult) {
    self.init(
      name: name, bytesMoved: result.bytesMoved, stallSeconds: result.stallSeconds,
      totalSeconds: result.totalSeconds,
      timeline: result.spans.map {
        .init(kind: $0.kind.rawValue, model: $0.model, start: $0.start, end: $0.end)
      })
  }
}
