public import FerryDevices
import FerryResidency

/// How a workflow is run.
public struct RunOptions: Sendable {
  /// The device; nil: as the workflow says.
  public var device: Device?
  /// The device bytes that models may hold together; nil: as the workflow says.
  public var budget: MemoryAmount?
  /// The bytes of the device that weights leave free, for caches and scratch memory.
  public var headRoom: Int
  /// Who gives up device memory first. ``PoolPolicy/lookAhead`` is told the whole sequence, and the next model comes
  /// ahead; the others know nothing of the future.
  public var policy: PoolPolicy
  /// Models come and go in pages of about so many bytes; nil: a 64th of the budget, from 1 to 64 MiB.
  public var pageByteCount: Int?
  /// Whether outputs that are there already are replaced.
  public var replacing: Bool

  /// The defaults: as the workflow says, looking ahead.
  public init(
    device: Device? = nil, budget: MemoryAmount? = nil, headRoom: Int = 0,
    policy: PoolPolicy = .lookAhead, pageByteCount: Int? = nil, replacing: Bool = false
  ) {
    self.device = device
    self.budget = budget
    self.headRoom = headRoom
    self.policy = policy
    self.pageByteCount = pageByteCount
    self.replacing = replacing
  }
}

/// How far a run is.
public struct RunProgress: Sendable {
  /// The steps that are done.
  public let done: Int
  /// All steps.
  public let total: Int
  /// The name of the stage that is under way; nil at the end.
  public let stage: String?
}

extension Engine {
  /// Runs a workflow: its stages, one after the other, for all items, with models that come to one device and go as
  /// its budget demands.
  ///
  /// Whatever files and headers tell is checked before a model is loaded. A step that fails ends the run: what was
  /// finished stays, nothing is half-written, and the device is left as it was.
  ///
  /// - Throws: ``WorkflowError``, with the line; `CancellationError`; ``DeviceError`` for a device that is not there.
  @concurrent
  public func run(
    _ workflow: Workflow, options: RunOptions = RunOptions(),
    progress: @Sendable (RunProgress) -> Void = { _ in }
  ) async throws -> WorkflowReport {
    let log = RunLog()
    let pool = try ModelPool(
      self, on: options.device ?? workflow.device, budget: options.budget ?? workflow.budget,
      headRoom: options.headRoom,
      options: ModelPool.Options(policy: options.policy, pageByteCount: options.pageByteCount),
      observer: { log.add($0) })
    try WorkflowCheck(workflow: workflow, pool: pool, replacing: options.replacing).run()
    do {
      try await pool.registerModels(of: workflow)
      let models = pool.timelineModels(of: workflow)
      var run = WorkflowRun(workflow, in: pool, replacing: options.replacing, log: log)
      try await run.performAll(lookingAhead: options.policy == .lookAhead, progress)
      // A load may end after the step that it was for: the log is whole once nothing is there any more.
      await pool.unloadAll()
      let timeline = log.timeline(models: models, budget: pool.budget)
      return WorkflowReport(
        workflow, outcomes: run.outcomes, timeline: timeline, device: pool.device,
        policy: options.policy)
    } catch {
      await pool.unloadAll()
      throw error
    }
  }
}

extension WorkflowRun {
  fileprivate mutating func performAll(
    lookingAhead: Bool, _ progress: @Sendable (RunProgress) -> Void
  ) async throws {
    let steps = workflow.steps
    let models = lookingAhead ? steps.map { workflow.stages[$0.stage].model } : []
    let declaration = try await pool.declare(models)
    do {
      try await perform(steps, progress)
    } catch {
      // What will not be asked for any more need not come.
      await pool.withdraw(declaration)
      throw error
    }
  }

  private mutating func perform(
    _ steps: [Workflow.Step], _ progress: @Sendable (RunProgress) -> Void
  ) async throws {
    for (number, step) in steps.enumerated() {
      try Task.checkCancellation()
      progress(
        RunProgress(done: number, total: steps.count, stage: workflow.stages[step.stage].name))
      try await perform(step)
    }
    progress(RunProgress(done: steps.count, total: steps.count, stage: nil))
  }
}

extension ModelPool {
  /// Adds the models that stages use; an error names the line.
  fileprivate func registerModels(of workflow: Workflow) async throws {
    let used = Set(workflow.stages.map(\.model))
    for model in workflow.models where used.contains(model.name) {
      do {
        try await register(model.name, workflow.resolved(model.checkpoint))
      } catch let error as CancellationError {
        throw error
      } catch {
        throw WorkflowError(path: workflow.path, line: model.line, message: "\(error)")
      }
    }
  }

  fileprivate func timelineModels(of workflow: Workflow) -> [WorkflowTimeline.Model] {
    let used = Set(workflow.stages.map(\.model))
    return workflow.models.filter { used.contains($0.name) }.map {
      WorkflowTimeline.Model(name: $0.name, pages: pages(of: $0.name))
    }
  }

  fileprivate func unloadAll() async {
    // Those that are not there any more have nothing to give back.
    for model in await residency() { try? await unload(model.model) }
  }
}

extension WorkflowReport {
  fileprivate init(
    _ workflow: Workflow, outcomes: [Outcome], timeline: WorkflowTimeline, device: Device,
    policy: PoolPolicy
  ) {
    self.device = device
    self.policy = policy
    self.outcomes = outcomes
    self.timeline = timeline
    budget = timeline.budget
    peakBytes = timeline.peakBytes
    let (arrivals, streams) = (timeline.spans(.arrival), timeline.spans(.stream))
    bytesStreamed = streams.bytes
    bytesMoved = arrivals.bytes + streams.bytes
    caches = timeline.spans.caches
    lowerBound =
      Replay(timeline.trace, budget: timeline.budget, bytesPerSecond: 1).lowerBound()
    seconds = timeline.spans(.compute).map(\.end).max() ?? 0
    models = timeline.models.enumerated().map { number, model in
      let own = timeline.spans.filter { $0.model == number }
      let (loads, streamed) = (
        own.filter { $0.kind == .arrival }, own.filter { $0.kind == .stream }
      )
      return ModelCost(
        name: model.name, byteCount: model.byteCount, loads: loads.count,
        bytesMoved: loads.bytes + streamed.bytes, bytesStreamed: streamed.bytes, caches: own.caches,
        waits: own.waits)
    }
    stages = workflow.stages.map { stage in
      let own = timeline.spans.filter { $0.stage == stage.name }
      return StageCost(
        name: stage.name, model: stage.model,
        seconds: own.filter { $0.kind == .compute }.reduce(0) { $0 + $1.computeSeconds },
        waits: own.waits)
    }
  }
}

extension [WorkflowTimeline.Span] {
  fileprivate var bytes: Int { reduce(0) { $0 + $1.bytes } }

  private func of(_ kind: WorkflowTimeline.Span.Kind) -> [WorkflowTimeline.Span] {
    filter { $0.kind == kind }
  }

  private var seconds: Double { reduce(0) { $0 + $1.end - $1.start } }

  /// What caches cost among them.
  fileprivate var caches: WorkflowReport.CacheCost {
    let (written, returned) = (of(.writeBack), of(.bringBack))
    return .init(
      bytesWritten: written.bytes, secondsWriting: written.seconds, bytesReturned: returned.bytes,
      secondsReturning: returned.seconds)
  }

  /// How long the steps among them waited.
  fileprivate var waits: WorkflowReport.Waits {
    .init(
      firstPage: of(.wait).seconds, allPages: of(.wait).seconds + of(.overlap).seconds,
      ring: reduce(0) { $0 + $1.waited })
  }
}
