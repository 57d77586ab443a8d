import Synchronization

/// Steps go through together, a move alone until it lets steps in, in the order they came; waiting ends
/// when the task is cancelled.
final class StepGate: Sendable {
  private let state = Mutex(GateState<Waiter>())

  /// Enters without waiting; false if that is not possible.
  func tryEnter(_ side: GateSide) -> Bool { state.withLock { $0.tryEnter(side) } }

  /// Enters, after everybody who came before and is in the way.
  func enter(_ side: GateSide) async throws {
    let waiter = Waiter()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue(waiter, side, continuation)
      }
    } onCancel: {
      cancel(waiter)
    }
  }

  /// Lets steps in beside the move that is inside, and no other move.
  func open() { admit(state.withLock { $0.open() }) }

  /// Leaves; every entry is left exactly once, by the side it was of.
  func leave(_ side: GateSide) { admit(state.withLock { $0.leave(side) }) }

  private func admit(_ waiters: [Waiter]) {
    for waiter in waiters { waiter.resume(with: .success(())) }
  }

  /// A task cancelled before this point is seen here; one cancelled after it, by ``cancel(_:)``.
  private func queue(_ waiter: Waiter, _ side: GateSide, _ continuation: Waiter.Continuation) {
    waiter.hold(continuation)
    let outcome: Result<Void, any Error>? = state.withLock { state in
      if Task.isCancelled { return .failure(CancellationError()) }
      if state.tryEnter(side) { return .success(()) }
      state.wait(waiter, side)
      return nil
    }
    if let outcome { waiter.resume(with: outcome) }
  }

  private func cancel(_ waiter: Waiter) {
    let (waited, admitted) = state.withLock { $0.giveUp(waiter) }
    if waited { waiter.resume(with: .failure(CancellationError())) }
    admit(admitted)
  }
}

/// A task that waits at a gate.
private final class Waiter: Equatable, Sendable {
  typealias Continuation = CheckedContinuation<Void, any Error>
  private let continuation = Mutex<Continuation?>(nil)

  static func == (left: Waiter, right: Waiter) -> Bool { left === right }

  func hold(_ continuation: Continuation) { self.continuation.withLock { $0 = continuation } }

  func resume(with result: Result<Void, any Error>) {
    continuation.withLock { $0.take() }?.resume(with: result)
  }
}
