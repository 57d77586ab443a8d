import ArgumentParser
import Ferry

/// `ferry run`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a workflow of several models on one device, whatever fits of them.",
    discussion: """
      WORKFLOW is a YAML file with 'models' (name: path), 'stages' (name, model, and one of 'choose', 'generate' and \
      'upscale'), and where wanted 'items', 'device', 'budget' and 'order'. Everything that files and headers tell is \
      checked before a model is loaded. --vram is for weights; caches and scratch memory come beside it. A model \
      larger than that goes through a ring of its pages, in every pass anew.
      """)

  @Argument(
    help: ArgumentHelp("A workflow.", valueName: "WORKFLOW"), transform: ValueForm.path.parse)
  var workflow: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The device to run on: \(Device.form) (default: as the workflow says, else cpu).",
      valueName: "D"),
    transform: ValueForm.device.parse)
  var device: Device?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The device memory for models: 24GB, or 50% of it (default: as the workflow says, else 90%).",
      valueName: "SIZE"),
    transform: ValueForm.memory.parse)
  var vram: MemoryAmount?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Who gives up memory: look-ahead knows what comes next, the others do not.",
      valueName: "POLICY"))
  var policy = PoolPolicy.lookAhead
  @OptionGroup var pages: PageSizeOption
  @Option(
    help: ArgumentHelp("Where to write a picture of the run, an SVG file.", valueName: "DST"),
    transform: ValueForm.path.parse)
  var timeline: String?
  @Option(
    help: ArgumentHelp("Where to write the requests, for 'ferry plan'.", valueName: "DST"),
    transform: ValueForm.path.parse)
  var trace: String?
  @Flag(help: "Replace outputs that exist.") var force = false
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let workflow = try Workflow(contentsOf: workflow)
    let picture = try timeline.map { try TextDestination($0, .picture, replacing: force) }
    let record = try trace.map { try TextDestination($0, .trace, replacing: force) }
    let options = RunOptions(
      device: device, budget: vram, policy: policy,
      pageByteCount: pages.size?.bytes, replacing: force)
    let report = try await threads.engine.run(workflow, options: options) { progress in
      ProgressLine(title: progress.stage ?? "done").show(
        progress.done, of: progress.total, unit: "steps")
    }
    try picture?.write(report.timeline.svg)
    try record?.write(report.timeline.traceDocument)
    Ending.noteResults("what the run wrote")
    try output.show(Document(workflow.path, report)) { report.text }
  }

  private struct Document: Encodable {
    struct Model: Encodable {
      let name: String
      let bytes, loads, bytesMoved, bytesStreamed: Int
      let caches: Caches
      let waits: Waits
    }
    struct Caches: Encodable {
      let bytesWritten, bytesReturned: Int
      let secondsWriting, secondsReturning: Double

      init(_ cost: WorkflowReport.CacheCost) {
        (bytesWritten, secondsWriting) = (cost.bytesWritten, cost.secondsWriting)
        (bytesReturned, secondsReturning) = (cost.bytesReturned, cost.secondsReturning)
      }
    }
    struct Stage: Encodable {
      let name, model: String
      let seconds: Double
      let waits: Waits
    }
    /// In seconds.
    struct Waits: Encodable {
      let firstPage, allPages, ring: Double

      init(_ waits: WorkflowReport.Waits) {
        (firstPage, allPages, ring) = (waits.firstPage, waits.allPages, waits.ring)
      }
    }
    struct Result: Encodable {
      let item: Int
      let stage: String
      @Nullable var text: String?
      @Nullable var path: String?
      @Nullable var finishReason: String?
    }
    let workflow, device, policy: String
    let budget, peakBytes, bytesMoved, bytesStreamed, lowerBound: Int
    let caches: Caches
    let seconds: Double
    let models: [Model]
    let stages: [Stage]
    let results: [Result]

    init(_ path: String, _ report: WorkflowReport) {
      (workflow, device, policy) = (path, "\(report.device)", report.policy.rawValue)
      (budget, peakBytes) = (report.budget, report.peakBytes)
      (bytesMoved, bytesStreamed) = (report.bytesMoved, report.bytesStreamed)
      caches = Caches(report.caches)
      lowerBound = report.lowerBound
      seconds = report.seconds
      models = report.models.map {
        Model(
          name: $0.name, bytes: $0.byteCount, loads: $0.loads, bytesMoved: $0.bytesMoved,
          bytesStreamed: $0.bytesStreamed, caches: Caches($0.caches), waits: Waits($0.waits))
      }
      stages = report.stages.map {
        Stage(
          name: $0.name, model: $0.model, seconds: $0.seconds, waits: Waits($0.waits))
      }
      results = report.outcomes.map {
        Result(
          item: $0.item, stage: $0.stage, text: $0.isImage ? nil : $0.text,
          path: $0.isImage ? $0.text : nil, finishReason: $0.finishReason?.rawValue)
      }
    }
  }
}

extension PoolPolicy: ExpressibleByArgument {}

extension WorkflowReport {
  fileprivate var text: String {
    results + "\n" + stageTable + "\n" + modelTable + "\n" + summary
  }

  private var results: String {
    let width = outcomes.map(\.stage.printable.count).max() ?? 0
    let isOne = outcomes.allSatisfy { $0.item == 0 }
    return outcomes.map { outcome in
      let item = isOne ? "" : "\(outcome.item + 1)".paddedLeft(4) + "  "
      return item + outcome.stage.printable.padded(width) + "  " + outcome.text.printable + "\n"
    }.joined()
  }

  private var stageTable: String {
    let width = max(10, (stages.map(\.name.printable.count).max() ?? 0) + 2)
    let head =
      "stage".padded(width) + "computed".paddedLeft(11) + "first page".paddedLeft(12)
      + "all pages".paddedLeft(11) + ringHead + "  model\n"
    return head
      + stages.map { stage in
        stage.name.printable.padded(width) + stage.seconds.spelledAsSeconds.paddedLeft(11)
          + waits(stage.waits) + "  \(stage.model.printable)\n"
      }.joined()
  }

  private var modelTable: String {
    let width = max(10, (models.map(\.name.printable.count).max() ?? 0) + 2)
    let head =
      "model".padded(width) + "size".paddedLeft(11) + "loads".paddedLeft(7)
      + "moved".paddedLeft(11) + "first page".paddedLeft(12) + "all pages".paddedLeft(11) + ringHead
      + (hasCaches ? "caches out".paddedLeft(12) + "in".paddedLeft(11) : "") + "\n"
    return head
      + models.map { model in
        model.name.printable.padded(width) + model.byteCount.spelledAsBytes.paddedLeft(11)
          + "\(model.loads)".paddedLeft(7) + model.bytesMoved.spelledAsBytes.paddedLeft(11)
          + waits(model.waits) + caches(model.caches) + "\n"
      }.joined()
  }

  /// Waits for rings have a column where there are some.
  private var ringHead: String { bytesStreamed > 0 ? "ring".paddedLeft(11) : "" }

  private var hasCaches: Bool { caches.bytesWritten > 0 }

  private func caches(_ cost: CacheCost) -> String {
    guard hasCaches else { return "" }
    return cost.bytesWritten.spelledAsBytes.paddedLeft(12)
      + cost.bytesReturned.spelledAsBytes.paddedLeft(11)
  }

  private func waits(_ waits: Waits) -> String {
    waits.firstPage.spelledAsSeconds.paddedLeft(12)
      + waits.allPages.spelledAsSeconds.paddedLeft(11)
      + (bytesStreamed > 0 ? waits.ring.spelledAsSeconds.paddedLeft(11) : "")
  }

  private var summary: String {
    let ratio = lowerBound == 0 ? 1 : Double(bytesMoved) / Double(lowerBound)
    let streamed =
      bytesStreamed > 0 ? " (\(bytesStreamed.spelledAsBytes) through rings)" : ""
    return
      "\(bytesMoved.spelledAsBytes) moved\(streamed), \(ratio.spelled(digits: 3)) × the lower bound of "
      + "\(lowerBound.spelledAsBytes); at most \(peakBytes.spelledAsBytes) of \(budget.spelledAsBytes) on \(device); "
      + "\(seconds.spelledAsSeconds), \(policy.rawValue)\n" + cacheSummary
  }

  private var cacheSummary: String {
    guard hasCaches else { return "" }
    return
      "caches: \(caches.bytesWritten.spelledAsBytes) to the host in \(caches.secondsWriting.spelledAsSeconds), "
      + "\(caches.bytesReturned.spelledAsBytes) back in \(caches.secondsReturning.spelledAsSeconds)\n"
  }
}
