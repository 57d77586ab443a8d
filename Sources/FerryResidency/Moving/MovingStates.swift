import FerryDevices
import FerryTensors

/// The states that follow one move, copied but not switched over yet.
struct MovingStates {
  private let source: DeviceContext
  private let target: DeviceContext
  private let policy: MoveOptions.StatePolicy
  private var switches: [@Sendable () -> Void] = []
  /// The states that were seen so far.
  private(set) var followed: [any AttachedState] = []
  /// The bytes that were copied for them.
  private(set) var byteCount = 0

  init(from source: DeviceContext, to target: DeviceContext, policy: MoveOptions.StatePolicy) {
    self.source = source
    self.target = target
    self.policy = policy
  }

  /// Copies the states that are new.
  mutating func follow(_ states: [any AttachedState]) throws {
    for state in states where !followed.contains(where: { $0 === state }) {
      if policy == .move {
        let byteCount = state.byteCount
        switches.append(try state.copy(from: source, to: target))
        self.byteCount += byteCount
      }
      followed.append(state)
    }
  }

  /// Makes the copies the states, or has the states given up.
  func commit() {
    for state in followed where policy == .drop { state.drop() }
    for copy in switches { copy() }
  }
}
