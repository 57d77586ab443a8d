import FerryDeviceTesting
import FerryResidency
import Foundation
import Testing

@testable import Ferry

@Suite(.enabled(if: Image.pngAbsence == nil, "needs libpng"), .timeLimit(.minutes(10)))
struct WorkflowRunTests {
  /// The models take about 410 KB together, the largest 200 KB.
  private static let budget = MemoryAmount.bytes(250_000)

  @Test(arguments: TestDevices.available.prefix(2), PoolPolicy.allCases)
  func whatAPoolMakesIsWhatTheModelsMakeAlone(
    _ device: Device, _ policy: PoolPolicy
  ) async throws {
    for order in Workflow.Order.allCases {
      let tiny = try TinyWorkflow("order: \(order.rawValue)")
      let workflow = try Workflow(contentsOf: tiny.path)
      let engine = Engine(backends: TestDevices.backends)
      let context = try engine.context(for: device)
      let (texts, pictures) = try await workflow.resultsWithoutPool(engine, on: device)
      let before = try held(context)
      let report = try await engine.run(
        workflow,
        options: RunOptions(
          device: device, budget: Self.budget, policy: policy, pageByteCount: 4096))
      #expect(report.outcomes.map { texts[$0.item][$0.stage] } == report.outcomes.map(\.text))
      let made = try report.outcomes.filter(\.isImage).map { try Image(pngAt: $0.text) }
      #expect(made == pictures)
      #expect(report.peakBytes <= report.budget && report.peakBytes > 0)
      #expect(report.bytesMoved >= report.lowerBound)
      if policy == .lookAhead {
        #expect(report.bytesMoved <= report.mostBytesMoved, "\(order)")
      }
      #expect(report.models.reduce(0) { $0 + $1.bytesMoved } == report.bytesMoved)
      #expect(try held(context) == before)
    }
  }

  /// The pages of a workflow's models, of 4 KiB where segments are no larger.
  private func pages(
    of workflow: Workflow, _ engine: Engine, on device: Device
  ) throws -> [String: [Int]] {
    let pool = try ModelPool(
      engine, on: device, budget: .share(0.5), options: ModelPool.Options(pageByteCount: 4096))
    return Dictionary(
      uniqueKeysWithValues: try workflow.models.map {
        let preview = try ModelPreview(path: workflow.resolved($0.checkpoint))
        return ($0.name, pool.pages(of: preview.layout))
      })
  }

  /// In the least room that will do, what does not stay comes in every pass.
  @Test(arguments: TestDevices.available.prefix(2), PoolPolicy.allCases)
  func modelsLargerThanTheBudgetGoThroughRings(
    _ device: Device, _ policy: PoolPolicy
  ) async throws {
    let tiny = try TinyWorkflow()
    let workflow = try Workflow(contentsOf: tiny.path)
    let engine = Engine(backends: TestDevices.backends)
    let context = try engine.context(for: device)
    let (texts, pictures) = try await workflow.resultsWithoutPool(engine, on: device)
    let before = try held(context)
    let pages = try pages(of: workflow, engine, on: device)
    let least = pages.values.map { RingPlan.leastBytes($0) }.max() ?? 0
    await #expect {
      try await engine.run(
        workflow,
        options: RunOptions(device: device, budget: .bytes(least - 1), pageByteCount: 4096))
    } throws: { error in
      // A byte is missing: both sizes have as many digits as it takes to tell.
      let sizes = ByteCount.spelled(pages["finder"]?.reduce(0, +) ?? 0, least, least - 1)
      return (error as? WorkflowError)?.line == 1
        && "\(error)".contains(
          "\(sizes[1]) must be there at one time, and the budget is \(sizes[2])")
    }
    let report = try await engine.run(
      workflow,
      options: RunOptions(
        device: device, budget: .bytes(least), policy: policy, pageByteCount: 4096))
    #expect(try held(context) == before)
    #expect(report.outcomes.map { texts[$0.item][$0.stage] } == report.outcomes.map(\.text))
    let made = try report.outcomes.filter(\.isImage).map { try Image(pngAt: $0.text) }
    #expect(made == pictures)
    #expect(report.peakBytes <= report.budget)
    // Each is told with what went through its ring.
    for model in report.models where model.byteCount > report.budget {
      #expect(model.bytesStreamed > 0 && model.bytesStreamed <= model.bytesMoved, "\(model)")
      #expect(model.waits.ring > 0 && model.waits.allPages >= model.waits.firstPage)
    }
    #expect(report.models.contains { $0.byteCount > report.budget })
    #expect(report.bytesStreamed == report.models.reduce(0) { $0 + $1.bytesStreamed })
    #expect(report.bytesMoved == report.models.reduce(0) { $0 + $1.bytesMoved })
    #expect(report.bytesMoved >= report.lowerBound)
    // Of the writer a pass a token.
    let passes = report.timeline.spans(.compute).filter { $0.stage == "line" }.map(\.passes)
    #expect(passes.count == 2 && passes.allSatisfy { (1...5).contains($0) })
  }

  /// Cancelled while a model computes, comes, or goes through its ring: the device is as it was.
  @Test(arguments: TestDevices.available.prefix(2), [250_000, 130_000])
  func aCancelledRunLeavesTheDeviceAsItWas(_ device: Device, _ budget: Int) async throws {
    let engine = Engine(backends: TestDevices.backends)
    let context = try engine.context(for: device)
    let before = try held(context)
    for delay in [0, 5, 20, 60] {
      let tiny = try TinyWorkflow("order: stages")
      let workflow = try Workflow(contentsOf: tiny.path)
      let begun = ProgressLog()
      let run = Task {
        try await engine.run(
          workflow,
          options: RunOptions(device: device, budget: .bytes(budget), pageByteCount: 4096)
        ) { begun.add($0) }
      }
      // Within a second it has begun, or it never will.
      for _ in 0..<1000 where begun.stages.isEmpty {
        try await Task.sleep(for: .milliseconds(1))
      }
      try await Task.sleep(for: .milliseconds(delay))
      run.cancel()
      switch await run.result {
      case .success: #expect(delay > 0)
      case .failure(let error): #expect(error is CancellationError, "\(error)")
      }
      #expect(try held(context) == before, "after \(delay) ms")
      #expect(!tiny.folder.names.contains { $0.hasPrefix(".") })
    }
  }

  /// A ring of three pages beside what stays: a pass moves so much more than the bound.
  @Test func aRingMovesLittleMoreThanTheBound() async throws {
    let tiny = try TinyWorkflow(stages: TinyWorkflow.writing)
    let workflow = try Workflow(contentsOf: tiny.path)
    let engine = Engine()
    let pages = try #require(try pages(of: workflow, engine, on: .cpu)["writer"])
    let budget = (RingPlan.leastBytes(pages) + pages.reduce(0, +)) / 2
    let report = try await engine.run(
      workflow, options: RunOptions(budget: .bytes(budget), pageByteCount: 4096))
    #expect(report.timeline.models.map(\.pages) == [pages])
    #expect(report.timeline.spans.map(\.start).min() == 0)
    let requests = report.timeline.trace.requests
    let passes = requests.reduce(0) { $0 + $1.passes }
    let plan = try #require(RingPlan(pages, room: report.budget))
    let absent = pages.reduce(0, +) - plan.keptBytes
    // The ring goes on to the pages that the next pass would need.
    #expect(report.bytesStreamed <= passes * absent + plan.ring.byteCount)
    #expect(report.bytesStreamed > (passes - 1) * absent)
    #expect(report.models.map(\.loads) == [1])
    #expect(report.bytesMoved >= report.lowerBound)
    #expect(report.bytesMoved - report.lowerBound <= (passes + 1) * (plan.ring.byteCount + 8192))
    #expect(report.timeline.svg.contains("class=\"stream\""))
  }

  /// Two turns of a conversation for each item, between which the other model takes the place of the writer.
  @Test(arguments: TestDevices.available.prefix(2), Workflow.Order.allCases)
  func conversationsGoOnWhereTheirModelHadToGo(
    _ device: Device, _ order: Workflow.Order
  ) async throws {
    let tiny = try TinyWorkflow("order: \(order.rawValue)", stages: TinyWorkflow.conversation)
    let workflow = try Workflow(contentsOf: tiny.path)
    let engine = Engine(backends: TestDevices.backends)
    let context = try engine.context(for: device)
    let expected = try await conversations(of: workflow, engine, on: device)
    let before = try held(context)
    let pages = try pages(of: workflow, engine, on: device)
    let budget = max(pages["writer"]?.reduce(0, +) ?? 0, pages["finder"]?.reduce(0, +) ?? 0)
    let report = try await engine.run(
      workflow, options: RunOptions(device: device, budget: .bytes(budget), pageByteCount: 4096))
    for stage in ["draft", "more"] {
      #expect(report.outcomes.filter { $0.stage == stage }.map(\.text) == expected[stage])
    }
    #expect(try held(context) == before)
    let (caches, writer) = (
      report.caches, try #require(report.models.first { $0.name == "writer" })
    )
    #expect(writer.caches == caches)
    // On the host there is nowhere else to go.
    guard device != .cpu else { return #expect(caches.bytesWritten + caches.bytesReturned == 0) }
    // What is known of both texts leaves before the finder comes, and is back for the second turn.
    #expect(caches.bytesWritten > 0 && caches.bytesReturned == caches.bytesWritten)
    #expect(caches.secondsWriting > 0 && caches.secondsReturning > 0)
    #expect(report.timeline.svg.contains("<rect class=\"writeBack\""))
    #expect(report.timeline.traceDocument.contains("\"caches\""))
  }

  /// What sessions answer that nothing disturbs, by stage.
  private func conversations(
    of workflow: Workflow, _ engine: Engine, on device: Device
  ) async throws -> [String: [String]] {
    let model = try await engine.load(workflow.resolved("writer"), on: device)
    var made: [String: [String]] = [:]
    for item in workflow.items {
      let session = try model.openSession(options: GenerationOptions(usesChatTemplate: false))
      for stage in workflow.stages {
        guard case .generate(let prompt, let limit, _, _) = stage.task else { continue }
        let answer = try await session.generate(
          prompt.filled(item: item, stages: [:]),
          options: GenerationOptions(maximumTokens: limit, usesChatTemplate: false))
        made[stage.name, default: []].append(answer.text)
      }
    }
    try await model.to(.cpu)
    return made
  }

  /// The bytes of a device that are in use, once what was released is given back.
  private func held(_ context: DeviceContext) throws -> Int {
    try context.drain()
    context.trim()
    return context.bytesInUse
  }

  @Test func progressGoesThroughAllSteps() async throws {
    let tiny = try TinyWorkflow()
    let log = ProgressLog()
    _ = try await Engine().run(
      Workflow(contentsOf: tiny.path), options: RunOptions(budget: Self.budget)
    ) { log.add($0) }
    let stages = log.stages
    #expect(stages == ["subject", "line", "large", "subject", "line", "large", nil])
  }

  @Test func whatWasFinishedStaysWhereALaterStepFails() async throws {
    let tiny = try TinyWorkflow()
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: tiny.folder("one.png")))
    let engine = Engine(backends: TestDevices.backends)
    let workflow = try Workflow(contentsOf: tiny.path)
    let (stage, subjects) = try await chosen(workflow, engine)
    // One of the items chooses the picture that is none.
    let bad = try #require(subjects.firstIndex(of: "one"))
    await #expect {
      try await engine.run(workflow, options: RunOptions(budget: Self.budget))
    } throws: { error in
      guard let error = error as? WorkflowError else { return false }
      return error.line == stage.line && error.message.contains("stage 'large', item \(bad + 1)")
    }
    #expect(tiny.made == (bad == 1 ? ["a-large.png"] : []))
    let context = try engine.context(for: .cpu)
    _ = try held(context)
  }

  /// The last stage, and what the first one chooses for each item.
  private func chosen(
    _ workflow: Workflow, _ engine: Engine
  ) async throws -> (Workflow.Stage, [String]) {
    guard case .choose(let query, let choices) = workflow.stages[0].task else {
      throw CancellationError()
    }
    let model = try await engine.load(workflow.resolved("finder"))
    var subjects: [String] = []
    for item in workflow.items {
      let texts = [query.filled(item: item, stages: [:])] + choices.map(\.text)
      let found = try await model.embed(texts)
      subjects.append(
        found.similarity(0, 2) > found.similarity(0, 1) ? choices[1].result : choices[0].result)
    }
    return (workflow.stages[2], subjects)
  }

  /// Everything that files and headers tell, with the line, before anything is made.
  @Test(arguments: [
    (
      "stages:\n  - name: s\n    model: writer\n    choose: {query: x, among: [a]}", 6,
      "needs a model that turns texts into vectors, and 'writer' continues texts"
    ),
    (
      "stages:\n  - name: s\n    model: enlarger\n    generate: {prompt: x}", 6,
      "'enlarger' enlarges images"
    ),
    (
      "stages:\n  - name: s\n    model: finder\n    upscale: {image: one.png, output: o.png}", 6,
      "'finder' turns texts into vectors"
    ),
    ("stages:\n  - name: s\n    model: writer\n    generate: {prompt: x}", 6, "raw: true"),
    (
      "stages:\n  - name: s\n    model: enlarger\n    upscale: {image: none.png, output: o.png}", 6,
      "there is no image"
    ),
    (
      "stages:\n  - name: s\n    model: enlarger\n    upscale: {image: one.png, output: none/o.png}",
      6, "there is no folder"
    ),
    (
      "stages:\n  - name: s\n    model: enlarger\n    upscale: {image: one.png, output: two.png}",
      6,
      "exists"
    ),
    (
      "stages:\n  - name: s\n    model: enlarger\n    upscale: {image: one.png, output: o.png}", 6,
      "written by two steps"
    ),
  ])
  func whatCannotEndWellDoesNotBegin(stages: String, line: Int, message: String) async throws {
    let tiny = try TinyWorkflow(stages: stages)
    await #expect {
      try await Engine().run(
        Workflow(contentsOf: tiny.path), options: RunOptions(budget: Self.budget))
    } throws: { error in
      guard let error = error as? WorkflowError else { return false }
      return error.line == line && error.message.contains(message)
    }
    #expect(tiny.made.isEmpty)
  }

  @Test func aModelThatIsNotThereOrTooLargeIsToldWithItsLine() async throws {
    let tiny = try TinyWorkflow()
    let workflow = try Workflow(contentsOf: tiny.path)
    await #expect {
      try await Engine().run(workflow, options: RunOptions(budget: .bytes(100_000)))
    } throws: {
      ($0 as? WorkflowError)?.line == 1 && "\($0)".contains("the budget is 100 kB")
    }
    try FileManager.default.removeItem(atPath: tiny.folder("writer"))
    await #expect {
      try await Engine().run(workflow, options: RunOptions(budget: Self.budget))
    } throws: { ($0 as? WorkflowError)?.line == 1 && "\($0)".contains("writer") }
    await #expect(throws: DeviceError.self) {
      try await Engine().run(workflow, options: RunOptions(device: .cuda(77)))
    }
    #expect(tiny.made.isEmpty)
  }

  /// An image that an earlier step writes need not be there; texts of models decide nothing before the run.
  @Test func stagesMayEnlargeWhatStagesEnlarged() async throws {
    let tiny = try TinyWorkflow(
      items: "",
      stages: """
        stages:
          - {name: once, model: enlarger, upscale: {image: one.png, output: once.png}}
          - {name: twice, model: enlarger, upscale: {image: "{once}", output: twice.png}}
        """)
    let report = try await Engine().run(
      Workflow(contentsOf: tiny.path), options: RunOptions(budget: Self.budget))
    let once = try Image(pngAt: tiny.folder("once.png"))
    let twice = try Image(pngAt: report.outcomes[1].text)
    #expect(twice.width == 4 * once.width && tiny.made == ["once.png", "twice.png"])
    #expect(report.models.map(\.loads) == [1] && report.lowerBound == report.bytesMoved)
  }
}

extension WorkflowReport {
  /// The bytes that a run may move: the lower bound and one in a hundred, and a page a load, for pages come and go
  /// whole.
  var mostBytesMoved: Int {
    let page = timeline.models.flatMap(\.pages).max() ?? 0
    return lowerBound * 101 / 100 + models.reduce(0) { $0 + $1.loads } * page
  }
}

private final class ProgressLog: @unchecked Sendable {
  private let lock = NSLock()
  private var log: [String?] = []

  func add(_ progress: RunProgress) { lock.withLock { log.append(progress.stage) } }

  var stages: [String?] { lock.withLock { log } }
}
