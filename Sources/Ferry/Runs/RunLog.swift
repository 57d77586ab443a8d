import Synchronization

/// What is written down while a workflow runs: who used which model, and which bytes came and went.
final class RunLog: Sendable {
  /// A model in use by a stage.
  struct Use: Sendable {
    let stage: Workflow.Stage
    let lease: EndedLease
  }

  private enum Entry: Sendable {
    case use(Use)
    case transfer(PoolTransfer)

    var start: ContinuousClock.Instant {
      switch self {
      case .use(let use): use.lease.asked
      case .transfer(let transfer): transfer.start
      }
    }
  }

  private let entries = Mutex<[Entry]>([])

  func add(_ use: Use) { entries.withLock { $0.append(.use(use)) } }

  func add(_ transfer: PoolTransfer) { entries.withLock { $0.append(.transfer(transfer)) } }

  /// Everything, of models that are known by their place among `models`.
  func timeline(models: [WorkflowTimeline.Model], budget: Int) -> WorkflowTimeline {
    let entries = entries.withLock { $0 }
    let numbers = Dictionary(uniqueKeysWithValues: models.indices.map { (models[$0].name, $0) })
    let transfers = entries.compactMap { entry -> PoolTransfer? in
      if case .transfer(let transfer) = entry { transfer } else { nil }
    }
    let clock = Clock(entries.map(\.start).min() ?? .now)
    let all = entries.flatMap { entry -> [WorkflowTimeline.Span] in
      switch entry {
      case .transfer(let transfer): span(of: transfer, numbers, clock).map { [$0] } ?? []
      case .use(let use):
        spans(
          of: use, model: numbers[use.stage.model] ?? 0,
          transfers.filter { $0.model == use.stage.model }, clock)
      }
    }
    return WorkflowTimeline(models: models, budget: budget, spans: all)
  }

  /// What goes through rings is told with its use.
  private func span(
    of transfer: PoolTransfer, _ numbers: [String: Int], _ clock: Clock
  ) -> WorkflowTimeline.Span? {
    let kind: WorkflowTimeline.Span.Kind
    switch transfer.kind {
    case .arrival: kind = .arrival
    case .departure: kind = .departure
    case .ring: kind = .ring
    case .writeBack: kind = .writeBack
    case .bringBack: kind = .bringBack
    case .stream: return nil
    }
    return .init(
      kind: kind, model: numbers[transfer.model] ?? 0, start: clock.seconds(transfer.start),
      end: clock.seconds(transfer.end), bytes: transfer.bytes, stage: "")
  }

  /// A use waits until the first page of its model is there, and computes alone once the others are, too.
  private func spans(
    of use: Use, model: Int, _ transfers: [PoolTransfer], _ clock: Clock
  ) -> [WorkflowTimeline.Span] {
    let lease = use.lease
    var (first, last) = (lease.leased, lease.leased)
    for transfer in transfers where transfer.start < lease.done && transfer.end > lease.asked {
      guard case .arrival(let firstPage) = transfer.kind else { continue }
      first = max(first, firstPage ?? first)
      last = max(last, transfer.end)
    }
    let streams = Streams(transfers, during: lease)
    (first, last) = (min(first, lease.done), min(last, lease.done))
    func span(
      _ kind: WorkflowTimeline.Span.Kind, _ start: ContinuousClock.Instant,
      _ end: ContinuousClock.Instant, bytes: Int = 0, passes: Int = 0, waited: Double = 0
    ) -> WorkflowTimeline.Span {
      .init(
        kind: kind, model: model, start: clock.seconds(start), end: clock.seconds(end),
        bytes: bytes,
        stage: use.stage.name, passes: passes, waited: waited)
    }
    let steps = [
      span(.wait, lease.asked, first), span(.overlap, first, last),
      span(.compute, last, lease.done, passes: lease.passes, waited: streams.waited),
    ]
    guard let (start, end) = streams.time else { return steps }
    return [span(.stream, start, end, bytes: streams.bytes)] + steps
  }

  /// Seconds from the first thing that happened.
  private struct Clock {
    let start: ContinuousClock.Instant

    init(_ start: ContinuousClock.Instant) { self.start = start }

    func seconds(_ instant: ContinuousClock.Instant) -> Double { (instant - start) / .seconds(1) }
  }
}

extension RunLog {
  /// A model on loan.
  struct Lease {
    let weights: Weights
    let asked: ContinuousClock.Instant
    let leased = ContinuousClock.now
    let passes: Int

    /// A loan that was asked for, and begins now.
    init(of weights: Weights, asked: ContinuousClock.Instant) {
      (self.weights, self.asked, passes) = (weights, asked, weights.passCount)
    }

    /// It ends now.
    func ended() -> EndedLease {
      EndedLease(
        asked: asked, leased: leased, done: .now, passes: weights.passCount - passes)
    }
  }

  /// A loan that is over.
  struct EndedLease: Sendable {
    let asked: ContinuousClock.Instant
    let leased: ContinuousClock.Instant
    let done: ContinuousClock.Instant
    /// How many passes went through the model.
    let passes: Int
  }

  /// What went through a ring during a loan.
  private struct Streams {
    var bytes = 0
    var waited = 0.0
    var time: (start: ContinuousClock.Instant, end: ContinuousClock.Instant)?

    init(_ transfers: [PoolTransfer], during lease: EndedLease) {
      for transfer in transfers
      where transfer.start >= lease.asked && transfer.start <= lease.done {
        guard case .stream(let waited) = transfer.kind else { continue }
        bytes += transfer.bytes
        self.waited += waited
        let end = min(transfer.end, lease.done)
        time = (time?.start ?? transfer.start, max(time?.end ?? end, end))
      }
    }
  }
}
