import FerryDevices
import FerryTensors

/// The states that follow one move, copied but not switched over yet.
struct MovingStates {
  private let bridge: DeviceBridge
  private let policy: MoveOptions.StatePolicy
  private var copies: [StateCopy] = []
  /// The states that were seen so far.
  private(set) var followed: [any AttachedState] = []
  /// The bytes that were copied for them.
  var byteCount: Int { copies.reduce(0) { $0 + $1.byteCount } }

  init(over bridge: DeviceBridge, policy: MoveOptions.StatePolicy) {
    self.bridge = bridge
    self.policy = policy
  }

  /// Copies the states that are new.
  mutating func follow(_ states: [any AttachedState]) throws {
    for state in states where !followed.contains(where: { $0 === state }) {
      if policy == .move { copies.append(try state.copy(over: bridge)) }
      followed.append(state)
    }
  }

  /// Makes the copies the states, or has the states given up.
  func commit() {
    for state in followed where policy == .drop { state.drop() }
    for copy in copies { copy.commit() }
  }
}
