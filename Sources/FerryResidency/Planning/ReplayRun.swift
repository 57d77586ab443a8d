/// A replay in progress.
struct ReplayRun {
  private let replay: Replay
  private let policy: any EvictionPolicy
  private let foresight: Bool
  private var residents: [PartialResidency]
  private var bytesUsed = 0
  private var history = RequestHistory()
  private var declared: DeclaredRequests
  private var number = 0
  private(set) var result = ReplayResult()

  init(replay: Replay, policy: any EvictionPolicy, foresight: Bool) {
    self.replay = replay
    self.policy = policy
    self.foresight = foresight
    self.residents = replay.trace.models.map { PartialResidency(segments: $0.segments) }
    self.declared =
      foresight ? DeclaredRequests(replay.trace.requests.map(\.model)) : DeclaredRequests()
  }

  mutating func serve(_ request: RequestTrace.Request) {
    history.record(request.model)
    declared.advance()
    if let plan = residents[request.model].ringPlan(ifNeededIn: replay.budget) {
      stream(request, plan)
    } else {
      bring(residents[request.model].missing, of: request.model)
      span(.compute, request.model, from: result.totalSeconds, seconds: request.seconds)
      if foresight { prefetchNext(during: request) }
      result.totalSeconds += request.seconds
    }
    number += 1
  }

  /// Serves a request for a model that does not fit: what stays comes first, and the rest in every pass, unless the ring
  /// holds all of it.
  private mutating func stream(_ request: RequestTrace.Request, _ plan: RingPlan) {
    let model = request.model
    let kept = Set(plan.kept)
    let leaving = residents[model].resident.filter { !kept.contains($0) }
    bytesUsed -= residents[model].bytes(of: leaving)
    residents[model].giveUp(leaving)
    bring(residents[model].missing.filter { kept.contains($0) }, of: model, beside: plan.ring)
    let absent = residents[model].missing
    let bytes = residents[model].missingBytes
    let comings = absent.count <= plan.ring.slotCount ? 1 : request.passes
    let transfer = Double(bytes * comings) / replay.bytesPerSecond
    let seconds = max(request.seconds, transfer)
    span(.stream, model, from: result.totalSeconds, seconds: seconds)
    result.bytesMoved += bytes * comings
    result.stallSeconds += seconds - request.seconds
    result.totalSeconds += seconds
  }

  /// Brings segments of a model into room that others give up, and for its ring too; the request waits.
  private mutating func bring(
    _ segments: [Int], of model: Int, beside ring: RingPlan.Room? = nil
  ) {
    let missing = residents[model].bytes(of: segments)
    makeRoom(for: missing + (ring?.byteCount ?? 0), order: order(without: [model]))
    guard missing > 0 else { return }
    for segment in segments { residents[model].bring(segment) }
    bytesUsed += missing
    let seconds = Double(missing) / replay.bytesPerSecond
    span(.load, model, from: result.totalSeconds, seconds: seconds)
    result.bytesMoved += missing
    result.stallSeconds += seconds
    result.totalSeconds += seconds
  }

  /// Brings segments of the next request's model while `request` computes, as far as there is time, and room
  /// that will not be missed.
  private mutating func prefetchNext(during request: RequestTrace.Request) {
    guard number + 1 < replay.trace.requests.count else { return }
    let next = replay.trace.requests[number + 1].model
    guard next != request.model else { return }
    let order = order(without: [next])
    let victims = Array(order.prefix { $0 != request.model })
    var seconds = 0.0
    var bytes = 0
    for segment in residents[next].wanted(within: replay.budget) {
      let size = replay.trace.models[next].segments[segment]
      let cost = Double(size) / replay.bytesPerSecond
      guard seconds + cost <= request.seconds else { break }
      guard makeRoom(for: size, order: victims) else { break }
      residents[next].bring(segment)
      bytesUsed += size
      bytes += size
      seconds += cost
    }
    guard bytes > 0 else { return }
    result.bytesMoved += bytes
    span(.prefetch, next, from: result.totalSeconds, seconds: seconds)
  }

  /// Who gives up bytes, in the policy's order.
  private func order(without excluded: Set<Int>) -> [Int] {
    let candidates = residents.indices.compactMap { model -> ResidencySnapshot.Candidate? in
      let bytes = residents[model].residentBytes
      guard bytes > 0, !excluded.contains(model) else { return nil }
      return .init(
        model: model, residentBytes: bytes, secondsPerByte: 1 / replay.bytesPerSecond)
    }
    return policy.order(
      ResidencySnapshot(candidates: candidates, history: history, declared: declared))
  }

  /// Takes segments away until `bytes` fit; false, and nothing taken, where these models do not hold enough.
  @discardableResult
  private mutating func makeRoom(for bytes: Int, order: [Int]) -> Bool {
    let lacking = bytesUsed + bytes - replay.budget
    let held = order.reduce(0) { $0 + residents[$1].residentBytes }
    guard held >= lacking else { return false }
    var freed = 0
    var given: [(model: Int, segments: [Int])] = []
    for model in order where freed < lacking {
      let before = residents[model].residentBytes
      given.append((model, residents[model].giveUp(atLeast: lacking - freed)))
      freed += before - residents[model].residentBytes
    }
    // What was freed too much holds small segments of those who are needed later.
    for (model, segments) in given.reversed() where freed > lacking {
      freed -= residents[model].bytes(
        of: residents[model].keep(segments, within: freed - lacking))
    }
    bytesUsed -= freed
    return true
  }

  private mutating func span(
    _ kind: ReplayResult.Span.Kind, _ model: Int, from start: Double, seconds: Double
  ) {
    result.spans.append(.init(kind: kind, model: model, start: start, end: start + seconds))
  }
}
