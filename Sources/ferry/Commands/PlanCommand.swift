import ArgumentParser
import Ferry

/// `ferry plan`
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what a workflow would move and wait for, by policy, before anything is loaded.",
    discussion: """
      WORKFLOW is a workflow file, or a recorded trace: a YAML or JSON file with 'models' (name: size) and \
      'requests' ([model, seconds] each, or [model, seconds, passes]). Beside each policy stands the lower bound: \
      what a paging device that knows the future would move. A model larger than the memory goes through a ring of \
      its pages, in every pass anew.
      """)

  @Argument(
    help: ArgumentHelp("A workflow, or a recorded trace.", valueName: "WORKFLOW"),
    transform: ValueForm.path.parse)
  var workflow: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The device memory for models: 24GB, 512MiB; else what the file says.", valueName: "SIZE"),
    transform: ValueForm.paperMemory.parse)
  var vram: ByteCount?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The rate of the link: 25GB/s.", valueName: "RATE"),
    transform: ValueForm.byteRate.parse)
  var link: Double
  @OptionGroup var pages: PageSizeOption
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A generated trace instead, with its own budget.", valueName: "KIND"))
  var generate: GeneratedTrace?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of the generated trace, from 0 on (default: 1).", valueName: "S"),
    transform: ValueForm.wholeNumber(0...UInt64.max).parse)
  var seed: UInt64 = 1
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (workflow == nil) != (generate == nil) else {
      throw ValidationError("give a workflow, or --generate and a kind of trace")
    }
    guard generate == nil || vram == nil else {
      throw ValidationError("a generated trace has its own budget; leave --vram out")
    }
  }

  func run() async throws {
    let report =
      if let generate {
        try Engine.planGenerated(generate, seed: seed, bytesPerSecond: link)
      } else {
        try await CommandEngine.current.plan(
          workflow ?? "", budget: vram?.bytes, bytesPerSecond: link,
          pageByteCount: pages.size?.bytes)
      }
    try output.show(Document(report)) { report.text }
  }

  private struct Document: Encodable {
    struct Model: Encodable {
      let name: String
      let bytes: Int
    }
    struct Span: Encodable {
      let kind, model: String
      let start, end: Double
    }
    struct Policy: Encodable {
      let name: String
      let bytesMoved: Int
      let ofLowerBound, stallSeconds, totalSeconds: Double
      let timeline: [Span]
    }
    let models: [Model]
    let requests, budget: Int
    let link: Double
    let lowerBound: Int
    let policies: [Policy]

    init(_ report: PlanReport) {
      models = zip(report.models, report.modelBytes).map { Model(name: $0, bytes: $1) }
      (requests, budget) = (report.requestCount, report.budget)
      (link, lowerBound) = (report.bytesPerSecond, report.lowerBound)
      policies = report.policies.map { policy in
        Policy(
          name: policy.name, bytesMoved: policy.bytesMoved,
          ofLowerBound: report.ratio(policy), stallSeconds: policy.stallSeconds,
          totalSeconds: policy.totalSeconds,
          timeline: policy.timeline.map {
            Span(kind: $0.kind, model: report.models[$0.model], start: $0.start, end: $0.end)
          })
      }
    }
  }
}

extension GeneratedTrace: ExpressibleByArgument {}

extension PlanReport {
  /// The bytes a policy moves, in multiples of the lower bound.
  fileprivate func ratio(_ policy: PolicyCost) -> Double {
    lowerBound == 0 ? 1 : Double(policy.bytesMoved) / Double(lowerBound)
  }

  fileprivate var text: String {
    let rate = (bytesPerSecond / 1e9).spelled(digits: 1)
    let head =
      "\(requestCount.counted("request")) for \(models.count.counted("model")), "
      + "\(modelBytes.reduce(0, +).spelledAsBytes) in room for \(budget.spelledAsBytes), over \(rate) GB/s\n\n"
    let columns =
      "".padded(16) + "moved".paddedLeft(10) + "× bound".paddedLeft(9) + "waited".paddedLeft(11)
      + "total".paddedLeft(11) + "\n"
    let bound = "lower bound".padded(16) + lowerBound.spelledAsBytes.paddedLeft(10) + "\n"
    return head + columns + bound + policies.map(row).joined()
      + policies.map { "\n\($0.name)\(shownPart)\n" + timeline(of: $0) }.joined()
  }

  private func row(_ policy: PolicyCost) -> String {
    policy.name.padded(16) + policy.bytesMoved.spelledAsBytes.paddedLeft(10)
      + ratio(policy).spelled(digits: 3).paddedLeft(9)
      + policy.stallSeconds.spelledAsSeconds.paddedLeft(11)
      + policy.totalSeconds.spelledAsSeconds.paddedLeft(11) + "\n"
  }

  private static let shownRequests = 48

  private var shownPart: String {
    requestCount > Self.shownRequests ? ", the first \(Self.shownRequests) requests" : ""
  }

  /// A line a model: █ computes, ▓ computes through a ring, ▒ is waited for, ░ comes ahead.
  private func timeline(of policy: PolicyCost) -> String {
    let width = 72
    let computed = policy.timeline.filter { ["compute", "stream"].contains($0.kind) }
    let end = computed.prefix(Self.shownRequests).last?.end ?? 0
    let scale = Double(width) / max(end, 1e-9)
    var rows = [[Character]](
      repeating: Array(repeating: "·", count: width), count: models.count)
    for kind in ["prefetch", "load", "compute", "stream"] {
      for span in policy.timeline where span.kind == kind && span.start < end {
        let first = Int(span.start * scale)
        let last = min(width - 1, max(first, Int((span.end * scale).rounded(.up)) - 1))
        for column in first...last { rows[span.model][column] = Self.marks[kind] ?? "?" }
      }
    }
    let names = models.map(\.printable)
    let longest = names.map(\.count).max() ?? 0
    return zip(names, rows).map { "  \($0.padded(longest)) \(String($1))\n" }.joined()
  }

  private static let marks: [String: Character] = [
    "compute": "█", "stream": "▓", "load": "▒", "prefetch": "░",
  ]
}
