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
    let backend = context.backend
    if !backend.limits.freesInOrder || backend.reservations != nil { try? context.drain() }
  }

  /// Everything from the reservation to the switch. What the weights left is released on return.
  private func arrive() throws -> Arrival {
    let old = weights.placement
    let plan = MovePlan(old, to: target, host: weights.mover.host, strategy: strategy)
    if options.verify || plan.origin === source { try weights.encodeAll() }
    let rate = linkRate(of: plan)
    var clock = MoveClock()
    var states = MovingStates(from: source, to: target, policy: options.states)
    let reserved = try clock.allocate { try reserve(for: plan) }
    do {
      let side = clock.pin { hostSide(of: plan, arrival: reserved) }
      try clock.copy { try states.follow(weights.attachedStates) }
      let carried = try clock.copy { try copy(by: plan, into: reserved, side) }
      let new = placement(by: plan, in: reserved, side)
      if options.verify { try carried.unencoded?.encodeAll() }
      let checksums = try verified(old, new, filled: side.filling?.image, clock: &clock)
      try watch.checkCancellation()
      while !weights.replacePlacement(
        with: new, unencoded: carried.unencoded, ifOnly: states.followed)
      {
        try states.follow(weights.attachedStates)
      }
      commit(old, states, checksums)
      return Arrival(
        clock: clock, weightBytes: carried.byteCount, stateBytes: states.byteCount, rate: rate,
        checksums: checksums, hostCopyFailure: plan.hostCopyFailure,
        hostPinningFailure: side.pinningFailure)
    } catch {
      reserved?.retainReused()
      throw error
    }
  }

  private func reserve(for plan: MovePlan) throws -> ImageMemory? {
    try watch.checkCancellation()
    guard case .copy = plan.work else { return nil }
    return try ImageMemory(
      reserving: weights.layout, on: target, at: weights.addresses(on: target))
  }

  private func copy(by plan: MovePlan, into reserved: ImageMemory?, _ side: HostSide) throws
    -> Carried
  {
    guard case .copy(let image, let origin) = plan.work, let reserved = side.arrival ?? reserved
    else {
      watch.report(.copying, 0, of: 0)
      return Carried(byteCount: 0, unencoded: nil)
    }
    guard let transcoding = strategy.transcoding else {
      let image = origin.device == .cpu ? side.image ?? image : image
      try weights.transfer(
        image, on: origin, into: reserved, on: target, by: side.filling, watch: watch)
      return Carried(byteCount: weights.parts.byteCount, unencoded: nil)
    }
    var transfer = TranscodedTransfer(
      image, into: reserved, from: origin, to: target, transcoding: transcoding,
      isLazy: strategy.isLazy, weights: weights, watch: watch)
    let unencoded = try transfer.run()
    return Carried(byteCount: transfer.byteCount, unencoded: unencoded)
  }

  private func placement(by plan: MovePlan, in reserved: ImageMemory?, _ side: HostSide)
    -> Placement
  {
    switch (plan.work, side.arrival ?? reserved) {
    case (.none(let image), _): return .host(image)
    case (.copy, nil): preconditionFailure("a copy has a reservation")
    case (.copy, let memory?):
      guard target.device != .cpu else { return .host(memory.image) }
      let hostCopy = options.keepingHostCopy ? side.filling?.image ?? side.image : nil
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
  /// Where the time went.
  let clock: MoveClock
  let weightBytes: Int
  let stateBytes: Int
  /// The raw rate of the slowest link, in bytes a second.
  let rate: Double?
  let checksums: [UInt64]?
  let hostCopyFailure: TensorError?
  let hostPinningFailure: DeviceError?
}
