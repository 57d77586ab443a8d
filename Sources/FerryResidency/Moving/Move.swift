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
  /// Called once, when steps run on the target: before the weights have arrived, where they may use those that
  /// have, else when all have.
  let started: @Sendable () -> Void

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
    var states = MovingStates(
      over: weights.mover.bridge(from: source, to: target), policy: options.states)
    let reserved = try clock.allocate { try reserve(for: plan) }
    let side = hostSide(of: plan, arrival: reserved)
    defer { side.pinning?.stop() }
    var opened: WeightArrival?
    do {
      try clock.copy { try states.follow(weights.attachedStates) }
      opened = try open(reserved, &states)
      let carried = try clock.copy { try copy(by: plan, into: reserved, side, opened) }
      if let time = side.pinning?.time { clock.note(pinning: time.all, waited: time.waited) }
      let new = placement(by: plan, in: reserved, side)
      if options.verify { try carried.unencoded?.encodeAll() }
      let checksums = try verified(old, new, filled: side.filled, clock: &clock)
      try watch.checkCancellation()
      while !weights.replacePlacement(
        with: new, unencoded: carried.unencoded, ifOnly: states.followed)
      {
        try states.follow(weights.attachedStates)
      }
      commit(old, &states, checksums)
      opened?.end()
      if opened == nil { started() }
      return Arrival(
        clock: clock, weightBytes: carried.byteCount, stateBytes: states.byteCount, rate: rate,
        checksums: checksums, hostCopyFailure: plan.hostCopyFailure,
        hostPinningFailure: side.pinningFailure)
    } catch {
      if let opened { withdraw(opened, states) }
      reserved?.retainReused()
      throw error
    }
  }

  /// Has steps begin on the target, where they wait for what has not come, if bytes go there as they are.
  private func open(_ reserved: ImageMemory?, _ states: inout MovingStates) throws -> WeightArrival?
  {
    guard let reserved, target.device != .cpu, strategy.transcoding == nil, states.mayArriveEarly
    else { return nil }
    let arrival = WeightArrival(in: reserved, of: target)
    while !weights.begin(arrival, ifOnly: states.followed) {
      try states.follow(weights.attachedStates)
    }
    states.switchOver()
    weights.gate.open()
    started()
    return arrival
  }

  /// Ends what steps do on the target, and has everything be as it was at the source.
  private func withdraw(_ arrival: WeightArrival, _ states: MovingStates) {
    arrival.withdraw()
    states.restore()
    weights.endArrival()
    arrival.end()
  }

  /// Host memory has the slabs of the device that fills it: they are what is registered together.
  private func reserve(for plan: MovePlan) throws -> ImageMemory? {
    try watch.checkCancellation()
    guard case .copy(_, let origin) = plan.work else { return nil }
    return try ImageMemory(
      reserving: weights.layout, on: target, at: weights.addresses(on: target),
      slabLimit: ImageMemory.slabLimit(on: target.device == .cpu ? origin : target))
  }

  private func copy(
    by plan: MovePlan, into reserved: ImageMemory?, _ side: HostSide, _ arrival: WeightArrival?
  ) throws -> Carried {
    guard case .copy(let image, let origin) = plan.work, let reserved else {
      watch.report(.copying, 0, of: 0)
      return Carried(byteCount: 0, unencoded: nil)
    }
    guard let transcoding = strategy.transcoding else {
      try weights.transfer(
        image, on: origin, into: reserved, on: target, pinning: side.pinning, arrival: arrival,
        watch: watch)
      arrival?.arrived()
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
    guard case .copy = plan.work else {
      guard case .none(let image) = plan.work else { preconditionFailure("nothing to copy") }
      return .host(image)
    }
    guard let reserved else { preconditionFailure("a copy has a reservation") }
    guard target.device != .cpu else { return .host(side.image ?? reserved.image) }
    return .device(
      Placement.Replica(context: target, memory: reserved),
      hostCopy: options.keepingHostCopy ? side.image : nil)
  }

  private func commit(_ old: Placement, _ states: inout MovingStates, _ checksums: [UInt64]?) {
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
