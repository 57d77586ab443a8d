import FerryDevices
import FerryTensors

/// Weights on their way to a device, where steps use the segments that have come and wait for the others, one
/// by one.
///
///     move     │ reserve │ states │ copy 0 │ copy 1 │ copy 2 │ verify │ commit │
///     step                        │        │ use 0  │ use 1  │ use 2  │ · · ·  │ its result
///
/// A step's result is its caller's once the move is done. Where the move fails, what steps did counts for
/// nothing, and they run again where the weights stayed.
final class WeightArrival: Sendable {
  /// The move did not come to its end.
  struct Withdrawn: Error {}

  /// Where the weights arrive.
  let context: DeviceContext
  private let layout: WeightLayout
  private let state: Monitor<State>

  private enum Phase {
    /// The image is reserved, and some of it has come.
    case coming(WeightImage)
    case there
    case withdrawn
  }

  private struct State {
    var phase: Phase
    /// For each segment whose copy has begun, when it will be there; nil where it is.
    var events: [(any DeviceEvent)?] = []
    /// How many steps compute with what has come.
    var stepCount = 0
    /// What makes states that were attached meanwhile again what they were then.
    var restorers: [StateRestorer] = []
    var isOver = false
    var waiting: [CheckedContinuation<Bool, Never>] = []

    var isThere: Bool { if case .there = phase { true } else { false } }
  }

  /// Weights that will be in `memory` of `context`, of which nothing has come.
  init(in memory: ImageMemory, of context: DeviceContext) {
    self.context = context
    layout = memory.image.layout
    state = Monitor(State(phase: .coming(memory.image)))
  }
}

// MARK: - The side of the move

extension WeightArrival {
  /// The copy of everything up to an offset of the image has begun, and ends at `event`.
  func began(upTo end: Int, arrival event: any DeviceEvent) {
    state.change { state in
      while state.events.count < layout.segments.count,
        layout.segments[state.events.count].imageRange.upperBound <= end
      {
        state.events.append(event)
      }
    }
  }

  /// All segments are there, those included that have no bytes to copy.
  func arrived() {
    state.change { $0.events = Array(repeating: nil, count: layout.segments.count) }
  }

  /// Notes a state that was attached meanwhile.
  func remember(_ restorer: @escaping StateRestorer) {
    state.change { $0.restorers.append(restorer) }
  }

  /// Lets go of the image, and waits until no step uses it any more; then has states that were attached
  /// meanwhile be what they were.
  func withdraw() {
    state.change { $0.phase = .withdrawn }
    let restorers = state.wait { $0.stepCount == 0 ? $0.restorers : nil }
    for restore in restorers { restore(context) }
  }

  /// The move is done, or what was withdrawn is as it was: steps may tell what they have.
  func end() {
    let (isThere, waiting) = state.change { state in
      if case .coming = state.phase { state.phase = .there }
      state.isOver = true
      (state.restorers, state.events) = ([], [])
      defer { state.waiting = [] }
      return (state.isThere, state.waiting)
    }
    for continuation in waiting { continuation.resume(returning: isThere) }
  }
}

// MARK: - The side of steps

extension WeightArrival {
  /// Runs a step's work on the thread of the device's steps, unless the weights were withdrawn.
  func run<Value>(_ work: () throws -> Value) throws -> Value {
    try state.change { state in
      if case .withdrawn = state.phase { throw Withdrawn() }
      state.stepCount += 1
    }
    defer { state.change { $0.stepCount -= 1 } }
    return try work()
  }

  /// A segment, and when it will be there, once its copy has begun; nil where the move is done, and the weights
  /// have it.
  ///
  /// - Throws: ``Withdrawn``; `CancellationError` once `isCancelled` says so.
  func segment(
    _ index: Int, unless isCancelled: () -> Bool
  ) throws -> (ResidentSegment, arrival: (any DeviceEvent)?)? {
    try state.wait { state -> (ResidentSegment, arrival: (any DeviceEvent)?)?? in
      guard !isCancelled() else { throw CancellationError() }
      switch state.phase {
      case .withdrawn: throw Withdrawn()
      case .there: return .some(nil)
      case .coming(let image):
        guard index < state.events.count else { return nil }
        if state.events[index]?.hasPassed ?? false { state.events[index] = nil }
        guard let segment = image.resident(segment: index) else {
          preconditionFailure("all of the image is reserved")
        }
        return (segment, state.events[index])
      }
    }
  }

  /// Has steps that wait look whether they were cancelled.
  func wake() { state.change { _ in } }

  /// Waits for the end of the move: whether the weights are there.
  func outcome() async -> Bool {
    await withCheckedContinuation { continuation in
      let outcome = state.change { state -> Bool? in
        if !state.isOver { state.waiting.append(continuation) }
        return state.isOver ? state.isThere : nil
      }
      if let outcome { continuation.resume(returning: outcome) }
    }
  }
}
