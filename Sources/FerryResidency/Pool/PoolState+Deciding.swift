import FerryDevices

extension PoolState {
  /// What to do now, in room for `capacity` bytes, which is asked for where something may have to come.
  mutating func next(at now: Double, capacity: () -> Int) -> PoolAction {
    guard hasWork else { return .wait(until: nil) }
    return next(at: now, capacity: capacity())
  }

  /// Whether somebody waits, or something is to come or to go.
  private var hasWork: Bool {
    !queue.isEmpty || !departing.isEmpty || !prefetches.isEmpty || nextDeclared != nil
  }

  private mutating func next(at now: Double, capacity: Int) -> PoolAction {
    let granted = grants(at: now, capacity: capacity)
    if !granted.isEmpty { return .grant(granted) }
    if let failed = leavingRequest() { return failed }
    guard loading == nil else { return .wait(until: nil) }
    if let load = departure() { return .load(load) }
    if let head = queue.first(where: { !self[$0.model].isUsable }) {
      return serve(head, at: now, capacity: capacity)
    }
    return prefetch(at: now, capacity: capacity)
  }

  // MARK: leases

  /// Gives leases to whoever waits for a model that may be used. Who came before the overdue request is not held
  /// up by it: else two that are overdue could take the room from each other for ever.
  private mutating func grants(at now: Double, capacity: Int) -> [Int] {
    let closed = closedModels(at: now, capacity: capacity)
    var granted: [Int] = []
    var index = 0
    while index < queue.count {
      let request = queue[index]
      guard self[request.model].isUsable, mayEnter(request, closed) else {
        index += 1
        continue
      }
      leaveQueue(index)
      self[request.model].leases += 1
      granted.append(request.id)
    }
    return granted
  }

  /// Whether a request came before those that its model is closed for, or its task holds one of the closed
  /// models, which ends the sooner the sooner this is served.
  private func mayEnter(_ request: PoolRequest, _ closed: [Int: Int]) -> Bool {
    request.id < closed[request.model] ?? .max || request.held.contains { closed[$0] != nil }
  }

  /// The models that take no leases for requests from a number on: those that depart, and those that must go for
  /// a request that is overdue.
  private func closedModels(at now: Double, capacity: Int) -> [Int: Int] {
    let (overdue, wanted) = modelsWantedByOverdue(at: now, capacity: capacity)
    return departing.merging(wanted.map { ($0, overdue) }, uniquingKeysWith: min)
  }

  /// The first request for a model that is not there, if it has waited long enough, and the models that must go
  /// for it: they take no new leases.
  private func modelsWantedByOverdue(
    at now: Double, capacity: Int
  ) -> (request: Int, models: Set<Int>) {
    guard let head = queue.first(where: { !self[$0.model].isUsable }),
      now - head.since >= options.patience
    else { return (.max, []) }
    var lacking = lackingBytes(for: head.model, capacity: capacity)
    var wanted: Set<Int> = []
    for number in order(evictable { $0.number != head.model }) where lacking > 0 {
      wanted.insert(number)
      lacking -= self[number].heldBytes
    }
    return (head.id, wanted)
  }

  /// A request for a model that was unregistered meanwhile.
  private mutating func leavingRequest() -> PoolAction? {
    guard let index = queue.firstIndex(where: { self[$0.model].isLeaving }) else { return nil }
    let request = queue[index]
    leaveQueue(index)
    return .fail(
      request.id,
      ResidencyError(
        .unknownModel, "the model '\(self[request.model].name)' was unloaded; register it again"))
  }

  /// The segments of a model that is to leave, and that nobody holds.
  private func departure() -> PoolLoad? {
    let free = departing.keys.filter {
      self[$0].leases == 0 && self[$0].heldBytes > 0 && !self[$0].refusals.isFinal
    }
    guard let number = free.min() else { return nil }
    let entry = self[number]
    let victim = PoolLoad.Victim(
      model: entry.number, segments: entry.residency.resident, ring: entry.ring)
    return PoolLoad(model: entry.number, segments: [], victims: [victim], purpose: .departure)
  }

  // MARK: room

  private mutating func serve(_ head: PoolRequest, at now: Double, capacity: Int) -> PoolAction {
    let arrival = arrival(of: head, capacity: capacity)
    let lacking = bytesUsed + arrival.bytes - capacity
    let isOverdue = now - head.since >= options.patience
    let free = evictable { $0.number != head.model && $0.leases == 0 }
    let leaving = isOverdue ? free : free.filter { $0.lingers(until: options.patience) <= now }
    if let victims = victims(for: lacking, among: leaving) {
      return .load(load(arrival, of: head.model, victims: victims))
    }
    // Those that linger will not for long.
    let comesToPass = victims(for: lacking, among: free) != nil
    if !comesToPass, let error = hopelessness(of: head, capacity: capacity) {
      if error.code == .deadlock, let granted = grantToHolder() { return granted }
      if let index = queue.firstIndex(where: { $0.id == head.id }) { leaveQueue(index) }
      return .fail(head.id, error)
    }
    if !isOverdue, let load = overtaking(head, at: now, capacity: capacity) { return .load(load) }
    let lingering = free.map { $0.lingers(until: options.patience) }.filter { $0 > now }
    let overdue = isOverdue ? [] : [head.since + options.patience]
    return .wait(until: (lingering + overdue).min())
  }

  private func load(
    _ arrival: Arrival, of model: Int, victims: [PoolLoad.Victim]
  ) -> PoolLoad {
    let own = PoolLoad.Victim(model: model, segments: arrival.leaving, ring: nil)
    return PoolLoad(
      model: model, segments: arrival.segments,
      victims: victims + (arrival.leaving.isEmpty ? [] : [own]), ring: arrival.ring,
      purpose: .request)
  }

  /// The load of the first request behind `head` that can be served now, while `head` waits for leases to end: in
  /// room that is free, or that models give up which nobody uses and nobody waits for.
  ///
  /// It may be in the way of `head` when those leases have ended, but as requests for models that are there it gets in
  /// only while `head` is not overdue, so that the bound of waiting is the same.
  private func overtaking(
    _ head: PoolRequest, at now: Double, capacity: Int
  ) -> PoolLoad? {
    let wanted = Set(queue.map(\.model))
    let free = evictable {
      !wanted.contains($0.number) && $0.leases == 0 && $0.lingers(until: options.patience) <= now
    }
    var seen: Set<Int> = [head.model]
    for request in queue where !self[request.model].isUsable {
      guard seen.insert(request.model).inserted else { continue }
      let arrival = arrival(of: request, capacity: capacity)
      // A ring would take all the room there is.
      guard arrival.ring == nil else { continue }
      if let victims = victims(for: bytesUsed + arrival.bytes - capacity, among: free) {
        return load(arrival, of: request.model, victims: victims)
      }
    }
    return nil
  }

  /// Why this request can never be served while those who hold models wait for others.
  private func hopelessness(of head: PoolRequest, capacity: Int) -> ResidencyError? {
    let entry = self[head.model]
    let fixed = fixedBytes(for: head)
    let needed = entry.leastBytes
    guard needed + fixed <= capacity else {
      let sizes = ByteCount.spelled(needed, capacity, fixed)
      return ResidencyError(
        .noRoom,
        "the model '\(entry.name)' needs \(sizes[0]); the budget is \(sizes[1]), of which \(sizes[2]) are held by "
          + "models that are pinned, used by the same task or not to be taken away: raise the budget, unpin, or end "
          + "that use first"
      )
    }
    let holders = evictable { $0.number != head.model && $0.leases > 0 }
    guard !holders.isEmpty, holders.allSatisfy(\.isHeldByWaiting) else { return nil }
    return ResidencyError(
      .deadlock,
      "the model '\(entry.name)' cannot come: all models in its way are held by tasks that wait for other models; "
        + "take the leases a task needs in one place, or raise the budget")
  }

  /// A lease for a task that holds others, of a model that is there and was closed for the sake of fairness: it goes
  /// before an error.
  private mutating func grantToHolder() -> PoolAction? {
    guard
      let index = queue.firstIndex(where: { !$0.held.isEmpty && self[$0.model].isUsable })
    else { return nil }
    let request = queue[index]
    leaveQueue(index)
    self[request.model].leases += 1
    return .grant([request.id])
  }

  private mutating func prefetch(at now: Double, capacity: Int) -> PoolAction {
    while let number = prefetches.first {
      dropPrefetch()
      if let load = prefetchLoad(number, at: now, capacity: capacity) { return .load(load) }
    }
    if let next = nextDeclared, let load = declaredLoad(next, capacity: capacity) {
      return .load(load)
    }
    return .wait(until: nil)
  }

  /// A load that somebody asked for and nobody waits for; nil where it would take from models in use.
  private func prefetchLoad(_ number: Int, at now: Double, capacity: Int) -> PoolLoad? {
    guard let entry = entries[number], !entry.isLeaving, !entry.isComplete else { return nil }
    let free = evictable {
      $0.number != number && $0.leases == 0 && $0.lingers(until: options.patience) <= now
    }
    let lacking = lackingBytes(for: number, capacity: capacity)
    guard let victims = victims(for: lacking, among: free) else { return nil }
    return PoolLoad(
      model: number, segments: entry.residency.missing, victims: victims, purpose: .prefetch)
  }

  /// As much of the model that is announced next as finds room that nobody will miss: what comes before the
  /// models in use in the order of eviction.
  private func declaredLoad(_ number: Int, capacity: Int) -> PoolLoad? {
    let entry = self[number]
    guard !entry.isLeaving, !entry.isBroken, !entry.isComplete,
      entry.canStream || entry.residency.byteCount <= capacity
    else { return nil }
    let order = order(evictable { $0.number != number })
    let free = order.prefix { self[$0].leases == 0 }.map { self[$0] }
    let room =
      capacity - bytesUsed + free.reduce(0) { $0 + $1.heldBytes }
    let segments = entry.residency.first(
      of: entry.residency.wanted(within: capacity), within: room)
    guard !segments.isEmpty else { return nil }
    let lacking = bytesUsed + entry.residency.bytes(of: segments) - capacity
    guard let victims = victims(for: lacking, among: free) else { return nil }
    return PoolLoad(model: number, segments: segments, victims: victims, purpose: .declared)
  }
}
