import Synchronization

/// What is written down while a workflow runs: who used which model, and which bytes came and went.
final class RunLog: Sendable {
  /// A model in use by a stage.
  struct Use: Sendable {
    let stage: Workflow.Stage
    let asked: ContinuousClock.Instant
    let leased: ContinuousClock.Instant
    let done: ContinuousClock.Instant
  }

  private enum Entry: Sendable {
    case use(Use)
    case transfer(PoolTransfer)
  }

  private let start = ContinuousClock.now
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
    let all = entries.flatMap { entry -> [WorkflowTimeline.Span] in
      switch entry {
      case .transfer(let transfer): [span(of: transfer, numbers)]
      case .use(let use): spans(of: use, numbers, transfers)
      }
    }
    return WorkflowTimeline(models: models, budget: budget, spans: all)
  }

  private func span(
    of transfer: PoolTransfer, _ numbers: [String: Int]
  ) -> WorkflowTimeline.Span {
    .init(
      kind: transfer.kind == .arrival ? .arrival : .departure, model: numbers[transfer.model] ?? 0,
      start: seconds(transfer.start), end: seconds(transfer.end), bytes: transfer.bytes, stage: "")
  }

  /// A use waits until all of its model is there, although its first pass begins before that.
  private func spans(
    of use: Use, _ numbers: [String: Int], _ transfers: [PoolTransfer]
  ) -> [WorkflowTimeline.Span] {
    let arrivals = transfers.filter {
      $0.kind == .arrival && $0.model == use.stage.model && $0.start < use.done
        && $0.end > use.asked
    }
    let arrival = arrivals.map(\.end).max() ?? use.leased
    let begun = max(use.leased, min(arrival, use.done))
    let model = numbers[use.stage.model] ?? 0
    func span(
      _ kind: WorkflowTimeline.Span.Kind, _ start: ContinuousClock.Instant,
      _ end: ContinuousClock.Instant
    ) -> WorkflowTimeline.Span {
      .init(
        kind: kind, model: model, start: seconds(start), end: seconds(end), bytes: 0,
        stage: use.stage.name)
    }
    return [span(.wait, use.asked, begun), span(.compute, begun, use.done)]
  }

  private func seconds(_ instant: ContinuousClock.Instant) -> Double {
    (instant - start) / .seconds(1)
  }
}
