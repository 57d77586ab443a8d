import FerryDevices
import FerryOperations
import FerryTensors
import Synchronization

extension Session {
  /// On the worker: the whole step, whose results are there on return.
  func run(
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
      try step.recall(self)
      let cache = try room(for: end, keeping: start, on: step.context)
      let logits = try passes(over: tokens, from: start, step, cache, cancellation)
      state.withLock { $0.position = end }
      return logits
    } catch {
      // Queued work may still use the scratch and what was staged for it.
      try? step.context.compute.synchronize()
      throw error
    }
  }

  private func passes(
    over tokens: [Int32], from start: Int, _ step: any WeightStep, _ cache: KeyValueCache,
    _ cancellation: Cancellation
  ) throws -> [Float] {
    var place = try takePlace(on: step.context)
    defer { state.withLock { $0.keep(place) } }
    var logits: [Float] = []
    let chunkSize = chunkSize(of: step)
    for first in stride(from: 0, to: tokens.count, by: chunkSize) {
      try cancellation.check()
      let chunk = Array(tokens[first..<min(first + chunkSize, tokens.count)])
      let positions = start + first..<start + first + chunk.count
      let pass = try pass(
        over: chunk, at: positions, of: start + tokens.count, step, cache, &place)
      let tensor =
        chunk.count == 1 && pass.wantsLogits
        ? try place.recorder.run(pass, of: model) : try model.forward(in: pass)
      logits = try finish(tensor, in: &place)
      pass.scratch.releaseStaged()
    }
    return logits
  }

  /// The most tokens of a pass.
  private func chunkSize(of step: any WeightStep) -> Int {
    let isLargePaid = step.context.backend.limits.hasMatrixUnits || !step.keepsSegments
    return options.chunkSize ?? (isLargePaid ? 1024 : 256)
  }

  /// A pass over the tokens at `positions`, whose inputs are on their way; the step ends at `length`.
  private func pass(
    over tokens: [Int32], at positions: Range<Int>, of length: Int, _ step: any WeightStep,
    _ cache: KeyValueCache, _ place: inout SessionPlace
  ) throws -> ForwardPass {
    let (rows, width) = (tokens.count, model.positionTableWidth)
    let scratch = try place.scratch(
      rows: rows,
      byteCount: model.scratchByteCount(rows: rows, elementType: options.elementType)
        + ScratchArena.byteCount([PassInputs.byteCount(rows: rows, tableWidth: width)]))
    let inputs = PassInputs(in: scratch, rows: rows, tableWidth: width)
    try inputs.upload(
      tokens, firstPosition: positions.lowerBound,
      table: model.positionTable(positions, length: length), by: scratch)
    return ForwardPass(
      step: step, operations: place.operations, cache: cache, scratch: scratch,
      elementType: options.elementType, arithmetic: arithmetic, inputs: inputs,
      wantsLogits: positions.upperBound == length)
  }

  /// Waits for a pass, and downloads its logits.
  private func finish(_ logits: Tensor?, in place: inout SessionPlace) throws -> [Float] {
    guard let logits else {
      try place.context.compute.synchronize()
      return []
    }
    return try place.logits.download(logits, from: place.context)
  }

  private var arithmetic: LinearArithmetic {
    options.eightBit == .weightOnly ? .weightOnly : model.arithmetic
  }
}

// MARK: - Memory

extension Session {
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

  /// What the session has on the device, for a step that keeps it when it is done: the only reference,
  /// so that scratch can be given back before other is taken.
  private func takePlace(on context: DeviceContext) throws -> SessionPlace {
    if let place = state.withLock({ $0.takePlace(on: context) }) { return place }
    return SessionPlace(context, try makeOperations(context), host: host)
  }
}
