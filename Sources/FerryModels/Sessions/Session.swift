package import FerryDevices
package import FerryOperations
package import FerryTensors
import Synchronization

/// One text in progress: the cache of its keys and values, where the model's weights are.
///
/// The cache follows the weights when they move. Steps run one at a time on the device's worker.
package final class Session: AttachedState {
  /// Makes the operations of a device; called once for each device the session runs on.
  package typealias OperationsMaker = @Sendable (DeviceContext) throws -> any Operations

  /// The model.
  package let model: any LanguageModel
  /// How it computes.
  package let options: SessionOptions
  /// The most positions the text may have.
  package let maximumPositions: Int

  private let weights: any WeightAccess
  let makeOperations: OperationsMaker
  /// Where logits arrive; nil where they need no memory of their own.
  let host: DeviceContext?
  let state = Mutex(SessionState())

  /// Begins an empty text. Nothing is allocated before the first step; then, of `host`, memory that the
  /// logits arrive in, where the device gains from memory registered with its driver.
  package init(
    _ model: any LanguageModel, weights: any WeightAccess, options: SessionOptions = .init(),
    host: DeviceContext? = nil, operations: @escaping OperationsMaker
  ) throws(ModelError) {
    let maximum = options.maximumPositions ?? model.maximumPositions
    guard (1...model.maximumPositions).contains(maximum) else {
      throw ModelError(
        .tooLong,
        "a session of \(maximum) positions was asked for; the model has 1 to \(model.maximumPositions)"
      )
    }
    self.model = model
    self.options = options
    self.maximumPositions = maximum
    self.weights = weights
    self.makeOperations = operations
    self.host = host
    weights.attach(self)
  }

  /// How many tokens the text has.
  package var position: Int { state.withLock { $0.position } }

  /// The bytes held on the device now: cache and scratch.
  package var byteCount: Int { state.withLock { $0.byteCount } }

  /// How many times the one-token step was recorded, on the devices the session has been on since it
  /// was begun; a device without addresses that stay is forgotten when the session leaves it.
  package var recordingCount: Int {
    state.withLock { $0.places.reduce(0) { $0 + $1.recorder.recordingCount } }
  }

  /// Appends tokens to the text and returns the logits after the last of them.
  ///
  /// After an error the text is what it was before. Cancelling the task ends the step between two
  /// chunks of the tokens.
  package func advance(_ tokens: [Int]) async throws -> [Float] {
    let numbers = try checked(tokens)
    try state.withLock { (state) throws(ModelError) in try state.begin() }
    defer { state.withLock { $0.isStepping = false } }
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await weights.withStep { [self] step in
        try run(numbers, in: step, unless: cancellation)
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// Shortens the text to its first `count` tokens; the rest is forgotten, and its room stays.
  package func rewind(to count: Int) throws(ModelError) {
    try state.withLock { (state) throws(ModelError) in
      try state.checkIdle()
      precondition((0...state.position).contains(count), "a text is shortened, not extended")
      state.position = count
    }
  }

  /// Begins again with an empty text; what the device held for the session is given back.
  package func reset() throws(ModelError) {
    try state.withLock { (state) throws(ModelError) in
      try state.checkIdle()
      state = SessionState()
    }
  }

  private func checked(_ tokens: [Int]) throws(ModelError) -> [Int32] {
    guard !tokens.isEmpty else {
      throw ModelError(.badToken, "there is no token to begin with; give at least one")
    }
    if let bad = tokens.first(where: { $0 < 0 || $0 >= model.vocabularySize }) {
      throw ModelError(
        .badToken,
        "token \(bad) is outside the vocabulary; its ids go from 0 to \(model.vocabularySize - 1)")
    }
    return tokens.map { Int32($0) }
  }
}

// MARK: - Moving

extension Session {
  package func copy(over bridge: DeviceBridge) throws -> StateCopy {
    let (source, target) = (bridge.source, bridge.target)
    let (cache, filled, former) = state.withLock {
      ($0.cache, $0.position, $0.formerCache(on: target))
    }
    guard let cache, cache.context === source else {
      return StateCopy(byteCount: 0) { [self] in state.withLock { $0.leave(source) } }
    }
    let copy = try cache.copied(over: bridge, keeping: filled, into: former)
    return StateCopy(byteCount: cache.byteCount(ofPositions: filled)) { [self] in
      state.withLock { state in
        state.leave(source)
        state.cache = copy
      }
    }
  }

  package func drop() {
    state.withLock { $0.drop() }
  }

  package func restorer() -> StateRestorer {
    let former = state.withLock { ($0.position, $0.cache) }
    return { [weak self] target in
      self?.state.withLock { state in
        state.leave(target)
        (state.position, state.cache) = former
      }
    }
  }
}
