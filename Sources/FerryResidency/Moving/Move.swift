import FerryDevices
import FerryTensors

/// One move, behind the gate, on the thread that copies: reserve, copy, verify, switch, release.
struct Move: Sendable {
  let weights: ResidentWeights
  let source: DeviceContext
  let target: DeviceContext
  let strategy: MoveStrategy
  let options: MoveOptions
  let watch: MoveWatch

  /// Does everything; after an error everything is as it was.
  func run() throws -> MoveReport {
    let before = Figures(source, target)
    let arrival: Arrival
    do {
      arrival = try arrive()
    } catch {
      settle(target)
      throw error
    }
    settle(source)
    return report(arrival, before: before)
  }

  /// Has released memory given back where the driver makes it wait. Failures of work that others
  /// queued are theirs to hear of.
  private func settle(_ context: DeviceContext) {
    if !context.backend.limits.freesInOrder { try? context.drain() }
  }

  /// Everything from the reservation to the switch. What the weights left is released on return.
  private func arrive() throws -> Arrival {
    let old = weights.placement
    let plan = MovePlan(old, to: target, host: weights.mover.host, strategy: strategy)
    if options.verify || plan.origin === source { try weights.encodeAll() }
    let rate = linkRate(of: plan)
    let start = ContinuousClock.now
    var states = MovingStates(from: source, to: target, policy: options.states)
    let reserved = try reserve(for: plan)
    do {
      try states.follow(weights.attachedStates)
      let carried = try copy(by: plan, into: reserved)
      let new = placement(by: plan, in: reserved)
      if options.verify { try carried.unencoded?.encodeAll() }
      let (checksums, verifying) = try verified(old, new)
      try watch.checkCancellation()
      while !weights.replacePlacement(
        with: new, unencoded: carried.unencoded, ifOnly: states.followed)
      {
        try states.follow(weights.attachedStates)
      }
      commit(old, states, checksums)
      return Arrival(
        start: start + verifying, weightBytes: carried.byteCount,
        stateBytes: states.byteCount, rate: rate, checksums: checksums,
        hostCopyFailure: plan.hostCopyFailure)
    } catch {
      reserved?.retainReused()
      throw error
    }
  }

  private func reserve(for plan: MovePlan) throws -> ImageMemory? {
    try watch.checkCancellation()
    guard case .copy = plan.work else { return nil }
    return try ImageMemory(reserving: weights.layout, on: target)
  }

  private func copy(by plan: MovePlan, into reserved: ImageMemory?) throws -> Carried {
    guard case .copy(let image, let origin) = plan.work, let reserved else {
      watch.report(.copying, 0, of: 0)
      return Carried(byteCount: 0, unencoded: nil)
    }
    guard let transcoding = strategy.transcoding else {
      try weights.transfer(image, on: origin, into: reserved, on: target, watch: watch)
      return Carried(byteCount: weights.parts.byteCount, unencoded: nil)
    }
    var transfer = TranscodedTransfer(
      image, into: reserved, from: origin, to: target, transcoding: transcoding,
      isLazy: strategy.isLazy, weights: weights, watch: watch)
    let unencoded = try transfer.run()
    return Carried(byteCount: transfer.byteCount, unencoded: unencoded)
  }

  private func placement(by plan: MovePlan, in reserved: ImageMemory?) -> Placement {
    switch (plan.work, reserved) {
    case (.none(let image), _): return .host(image)
    case (.copy, nil): preconditionFailure("a copy has a reservation")
    case (.copy, let memory?):
      guard target.device != .cpu else { return .host(memory.image) }
      let hostCopy = options.keepingHostCopy ? plan.hostImage : nil
      return .device(Placement.Replica(context: target, memory: memory), hostCopy: hostCopy)
    }
  }

  private func commit(_ old: Placement, _ states: MovingStates, _ checksums: [UInt64]?) {
    states.commit()
    if let checksums { weights.knownChecksums = checksums }
    if options.mode == .retain, case .device(let replica, _) = old { replica.memory.retain() }
  }
}

/// What the copies of a move brought to the target.
struct Carried {
  /// How many bytes travelled.
  let byteCount: Int
  /// What a lazy move left to encode.
  let unencoded: UnencodedSegments?
}

/// What a move that succeeded has to tell.
struct Arrival {
  /// When it began, verification taken out.
  let start: ContinuousClock.Instant
  let weightBytes: Int
  let stateBytes: Int
  /// The raw rate of the slowest link, in bytes a second.
  let rate: Double?
  let checksums: [UInt64]?
  let hostCopyFailure: TensorError?
}
