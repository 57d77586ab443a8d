/// Who is inside a gate and who waits: the transitions of ``StepGate``, without the waiting.
struct GateState<Ticket: Equatable> {
  /// Who is inside.
  private(set) var holders = Holders.nobody
  private var waiters: [(ticket: Ticket, side: GateSide)] = []

  enum Holders: Equatable {
    case nobody
    /// So many that leave the weights where they are.
    case users(Int)
    case move
    /// A move whose target may be used already, and so many steps that do.
    case arrival(steps: Int)
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

  /// The move inside lets steps in beside it; whoever may enter now.
  mutating func open() -> [Ticket] {
    precondition(holders == .move, "a move is inside")
    holders = .arrival(steps: 0)
    return admitWaiters()
  }

  /// One holder leaves; whoever may enter now.
  mutating func leave(_ side: GateSide) -> [Ticket] {
    switch (holders, side) {
    case (.users(let count), .step), (.users(let count), .reading):
      holders = .users(inside: count - 1)
    case (.arrival(let count), .step) where count > 0: holders = .arrival(steps: count - 1)
    case (.arrival(let count), .move): holders = .users(inside: count)
    case (.move, .move): holders = .nobody
    default: preconditionFailure("nobody of that side is inside")
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
    case (.nobody, _), (.users, .step), (.users, .reading), (.arrival, .step): true
    case (.users, .move), (.arrival, .reading), (.arrival, .move), (.move, _): false
    }
  }

  private mutating func admit(_ side: GateSide) {
    switch (holders, side) {
    case (.arrival(let count), .step): holders = .arrival(steps: count + 1)
    case (.users(let count), _): holders = .users(count + 1)
    case (_, .step), (_, .reading): holders = .users(1)
    case (_, .move): holders = .move
    }
  }
}

extension GateState.Holders {
  /// So many users, or nobody.
  fileprivate static func users(inside count: Int) -> Self { count > 0 ? .users(count) : .nobody }
}

/// What somebody wants to do behind a gate.
enum GateSide: Hashable, Sendable {
  /// Compute with the weights where they are, beside others who do; or where they are arriving.
  case step
  /// Look at the weights where they stay, beside steps.
  case reading
  /// Change where they are, alone.
  case move
}
