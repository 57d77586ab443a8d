/// Who is inside a gate and who waits: the transitions of ``StepGate``, without the waiting.
struct GateState<Ticket: Equatable> {
  /// Who is inside.
  private(set) var holders = Holders.nobody
  private var waiters: [(ticket: Ticket, side: GateSide)] = []

  enum Holders: Equatable {
    case nobody
    case steps(Int)
    case move
  }

  /// Lets the caller in, if nobody is in the way and nobody came before; else answers false.
  mutating func tryEnter(_ side: GateSide) -> Bool {
    guard waiters.isEmpty, admits(side) else { return false }
    admit(side)
    return true
  }

  /// Puts the caller at the end of the queue.
  mutating func wait(_ ticket: Ticket, _ side: GateSide) {
    waiters.append((ticket, side))
  }

  /// Takes a waiter out of the queue: whether it still waited, and whoever may enter now.
  mutating func giveUp(_ ticket: Ticket) -> (waited: Bool, admitted: [Ticket]) {
    guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return (false, []) }
    waiters.remove(at: index)
    return (true, admitWaiters())
  }

  /// One holder leaves; whoever may enter now.
  mutating func leave() -> [Ticket] {
    switch holders {
    case .nobody: preconditionFailure("nobody is inside")
    case .steps(let count) where count > 1: holders = .steps(count - 1)
    case .steps, .move: holders = .nobody
    }
    return admitWaiters()
  }

  private mutating func admitWaiters() -> [Ticket] {
    var admitted: [Ticket] = []
    while let next = waiters.first, admits(next.side) {
      waiters.removeFirst()
      admit(next.side)
      admitted.append(next.ticket)
    }
    return admitted
  }

  private func admits(_ side: GateSide) -> Bool {
    switch (holders, side) {
    case (.nobody, _), (.steps, .step): true
    case (.steps, .move), (.move, _): false
    }
  }

  private mutating func admit(_ side: GateSide) {
    switch (holders, side) {
    case (.steps(let count), .step): holders = .steps(count + 1)
    case (_, .step): holders = .steps(1)
    case (_, .move): holders = .move
    }
  }
}

/// What somebody wants to do behind a gate.
enum GateSide: Hashable, Sendable {
  /// Use the weights where they are, beside others who do.
  case step
  /// Change where they are, alone.
  case move
}
