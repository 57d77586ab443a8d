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
  private let makeOperations: OperationsMaker
  private let state = Mutex(SessionState())

  /// Begins an empty text. Nothing is allocated before the first step.
  package init(
    _ model: any LanguageModel, weights: any WeightAccess, options: SessionOptions = .init(),
    operations: @escaping OperationsMaker
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
    weights.attach(self)
  }

  /// How many tokens the text has.
  package var position: Int { state.withLock { $0.position } }

  /// The bytes held on the device now: cache and scratch.
  package var byteCount: Int { state.withLock { $0.byteCount } }

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
        .badToken, "token \(bad) is outside the vocabulary of \(model.vocabularySize)")
    }
    return tokens.map { Int32($0) }
  }
}

// MARK: - A step

extension Session {
  /// On the worker: the whole step, whose results are there on return.
  private func run(
    _ tokens: [Int32], in step: any WeightStep, unless cancellation: Cancellation
  ) throws -> [Float] {
    let start = position
    let end = start + tokens.count
    guard end <= maximumPositions else {
      throw ModelError(
        .tooLong,
        "the text would have \(end) positions; this session has \(maximumPositions) at most")
    }
    do {
      let cache = try room(for: end, keeping: start, on: step.context)
      let operations = try operations(on: step.context)
      let logits = try passes(over: tokens, from: start, step, operations, cache, cancellation)
      state.withLock { $0.position = end }
      return logits
    } catch {
      // Queued work may still use the scratch and what was staged for it.
      try? step.context.compute.synchronize()
      throw error
    }
  }

  private func passes(
    over tokens: [Int32], from start: Int, _ step: any WeightStep, _ operations: any Operations,
    _ cache: KeyValueCache, _ cancellation: Cancellation
  ) throws -> [Float] {
    var logits: [Float] = []
    for first in stride(from: 0, to: tokens.count, by: options.chunkSize) {
      try cancellation.check()
      let chunk = Array(tokens[first..<min(first + options.chunkSize, tokens.count)])
      let scratch = try scratch(rows: chunk.count, on: step.context)
      let pass = ForwardPass(
        step: step, operations: operations, cache: cache, scratch: scratch,
        elementType: options.elementType, arithmetic: arithmetic, firstPosition: start + first,
        length: start + tokens.count, wantsLogits: first + chunk.count == tokens.count)
      let tensor = try model.forward(chunk, in: pass)
      logits = try finish(tensor, on: step.context)
      scratch.releaseStaged()
    }
    return logits
  }

  /// Waits for a pass, and downloads its logits.
  private func finish(_ logits: Tensor?, on context: DeviceContext) throws -> [Float] {
    guard let logits else {
      try context.compute.synchronize()
      return []
    }
    let bytes = UnsafeMutableBufferPointer<Float>.allocate(capacity: logits.count)
    defer { bytes.deallocate() }
    try context.compute.download(logits.view, to: UnsafeMutableRawBufferPointer(bytes))
    try context.compute.synchronize()
    return Array(bytes)
  }

  private var arithmetic: LinearArithmetic {
    options.eightBit == .weightOnly ? .weightOnly : model.arithmetic
  }

  /// The cache with room for `end` positions. It doubles, so that growing costs little in all.
  private func room(for end: Int, keeping filled: Int, on context: DeviceContext) throws
    -> KeyValueCache
  {
    var cache =
      try state.withLock { (state) throws(ModelError) in try state.cache(on: context) }
      ?? KeyValueCache(context, widths: model.cacheWidths, elementType: options.elementType)
    if cache.capacity < end {
      let wanted = max(end, 2 * cache.capacity, options.initialPositions)
      // The only reference, so that of the old rows one layer at a time is there twice.
      state.withLock { $0.cache = nil }
      defer { state.withLock { $0.cache = cache } }
      try cache.grow(to: min(wanted, maximumPositions), keeping: filled)
    }
    return cache
  }

  /// Scratch for passes of exactly `rows` tokens, so that decoding does not keep a prompt's.
  private func scratch(rows: Int, on context: DeviceContext) throws -> ScratchArena {
    let byteCount = model.scratchByteCount(rows: rows, elementType: options.elementType)
    if let scratch = state.withLock({ $0.scratch }), scratch.byteCount == byteCount {
      scratch.rewind()
      return scratch
    }
    state.withLock { $0.scratch = nil }
    let scratch = try ScratchArena(context, byteCount: byteCount)
    state.withLock { $0.scratch = scratch }
    return scratch
  }

  private func operations(on context: DeviceContext) throws -> any Operations {
    if let made = state.withLock({ $0.operations }), made.context === context { return made }
    let made = try makeOperations(context)
    state.withLock { $0.operations = made }
    return made
  }
}

// MARK: - Moving

extension Session {
  package func copy(from source: DeviceContext, to target: DeviceContext) throws
    -> StateCopy
  {
    let (cache, filled) = state.withLock { ($0.cache, $0.position) }
    guard let cache, cache.context === source else {
      return StateCopy(byteCount: 0) { [self] in state.withLock { $0.forgetScratch() } }
    }
    let copy = try cache.copied(to: target, keeping: filled)
    return StateCopy(byteCount: cache.byteCount(ofPositions: filled)) { [self] in
      state.withLock { state in
        state.cache = copy
        state.forgetScratch()
      }
    }
  }

  package func drop() {
    state.withLock { $0.drop() }
  }
}
