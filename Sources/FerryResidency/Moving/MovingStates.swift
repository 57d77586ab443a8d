import FerryDevices
import FerryTensors

/// The states that follow one move: copied, and switched over when steps may run where the move leads.
struct MovingStates {
  private let bridge: DeviceBridge
  private let policy: MoveOptions.StatePolicy
  private var copies: [StateCopy] = []
  /// The states that were seen so far.
  private(set) var followed: [any AttachedState] = []
  /// The bytes that were copied for them.
  private(set) var byteCount = 0
  private var restorers: [StateRestorer] = []

  init(over bridge: DeviceBridge, policy: MoveOptions.StatePolicy) {
    self.bridge = bridge
    self.policy = policy
  }

  /// Copies the states that are new.
  mutating func follow(_ states: [any AttachedState]) throws {
    for state in states where !followed.contains(where: { $0 === state }) {
      if policy == .move {
        let copy = try state.copy(over: bridge)
        copies.append(copy)
        byteCount += copy.byteCount
      }
      followed.append(state)
    }
  }

  /// Whether they can be used at the target before the move is done: what is to be dropped is not there.
  var mayArriveEarly: Bool { policy == .move }

  /// Makes the copies the states although the move may still fail; then ``restore()`` takes that back.
  mutating func switchOver() {
    restorers = followed.map { $0.restorer() }
    commit()
  }

  /// Has the states be what they were at the source.
  func restore() {
    for restore in restorers { restore(bridge.target) }
  }

  /// Makes the copies the states, or has the states given up.
  mutating func commit() {
    for state in followed where policy == .drop { state.drop() }
    for copy in copies { copy.commit() }
    copies = []
  }
}
