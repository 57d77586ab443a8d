/// Serves the requests of a trace one after the other, in a budget, by a policy; on paper.
///
/// A request computes once all segments of its model are there. What is missing comes over the link at its
/// rate; room is made by taking segments of other models away, from their ends, so that what is left of a model
/// is what its next pass needs first. Weights do not change, so that leaving costs nothing.
///
/// A policy that knows the future also brings what the next request lacks while the present one computes, into
/// room that the order of eviction gives up anyway: that takes time off, and adds no byte.
///
/// A model larger than the budget keeps what fits beside a ring, through which the rest comes in every pass while the
/// pass before it computes.
package struct Replay: Sendable {
  /// The trace.
  package let trace: RequestTrace
  /// The device bytes that models may hold together.
  package let budget: Int
  /// The rate of the link, in bytes a second.
  package let bytesPerSecond: Double

  /// - Precondition: the budget is at least the trace's ``RequestTrace/leastBudget``; the rate is above 0.
  package init(_ trace: RequestTrace, budget: Int, bytesPerSecond: Double) {
    precondition(trace.leastBudget <= budget && bytesPerSecond > 0)
    self.trace = trace
    self.budget = budget
    self.bytesPerSecond = bytesPerSecond
  }

  /// What serving the trace by `policy` costs; with `foresight` the policy is told the whole future.
  package func run(_ policy: any EvictionPolicy, foresight: Bool) -> ReplayResult {
    var run = ReplayRun(replay: self, policy: policy, foresight: foresight)
    for request in trace.requests { run.serve(request) }
    return run.result
  }
}

/// What serving a trace cost.
package struct ReplayResult: Sendable {
  /// What happened between two moments, in seconds from the start.
  package struct Span: Hashable, Sendable {
    /// What happened.
    package enum Kind: String, Hashable, Sendable {
      /// A request waits for bytes.
      case load
      /// Bytes come for the next request.
      case prefetch
      /// A request computes.
      case compute
      /// A request computes, and bytes come through a ring meanwhile.
      case stream
    }

    /// What happened.
    package let kind: Kind
    /// The number of the model.
    package let model: Int
    /// From when.
    package let start: Double
    /// Until when.
    package let end: Double
  }

  /// The bytes that came over the link.
  package internal(set) var bytesMoved = 0
  /// How long requests waited for bytes.
  package internal(set) var stallSeconds = 0.0
  /// When the last request was done.
  package internal(set) var totalSeconds = 0.0
  /// What happened, in the order it ended.
  package internal(set) var spans: [Span] = []
}
