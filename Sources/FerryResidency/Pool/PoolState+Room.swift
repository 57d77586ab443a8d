/// What a model needs, and who gives it up.
extension PoolState {
  /// What must come so that a model can run.
  struct Arrival {
    /// The segments that come.
    var segments: [Int]
    /// Those it gives up itself.
    var leaving: [Int] = []
    var ring: RingPlan.Room?
    /// The bytes it takes more than it has.
    var bytes: Int
  }

  /// All that is missing; or, where it never fits, a ring and the segments that stay beside that.
  func arrival(of head: PoolRequest, capacity: Int) -> Arrival {
    let residency = self[head.model].residency
    let room = capacity - fixedBytes(for: head)
    guard self[head.model].canStream, let plan = residency.ringPlan(ifNeededIn: room)
    else { return Arrival(segments: residency.missing, bytes: residency.missingBytes) }
    let kept = Set(plan.kept)
    return Arrival(
      segments: residency.missing.filter { kept.contains($0) },
      leaving: residency.resident.filter { !kept.contains($0) }, ring: plan.ring,
      bytes: plan.keptBytes + plan.ring.byteCount - residency.residentBytes)
  }

  /// The bytes that will not go while a request waits: those of pinned models, of models that the same task
  /// holds, and of models that could not be taken away.
  func fixedBytes(for head: PoolRequest) -> Int {
    entries.values.filter {
      $0.number != head.model
        && ($0.isPinned || $0.refusals.isFinal || head.held.contains($0.number))
    }.reduce(0) { $0 + $1.heldBytes }
  }

  func lackingBytes(for number: Int, capacity: Int) -> Int {
    bytesUsed + self[number].residency.missingBytes - capacity
  }

  /// The members that hold bytes and may be asked to give them up.
  func evictable(_ condition: (PoolEntry) -> Bool) -> [PoolEntry] {
    entries.values.filter {
      $0.heldBytes > 0 && !$0.isPinned && !$0.refusals.isFinal && condition($0)
    }
  }

  /// Their numbers, in the policy's order.
  func order(_ candidates: [PoolEntry]) -> [Int] {
    let snapshot = ResidencySnapshot(
      candidates: candidates.map {
        .init(
          model: $0.number, residentBytes: $0.heldBytes,
          secondsPerByte: $0.secondsPerByte)
      }, history: history, declared: declared)
    return options.policy.order(snapshot)
  }

  /// Segments of these members that hold `bytes`; nil where there are not as many.
  func victims(for bytes: Int, among candidates: [PoolEntry]) -> [PoolLoad.Victim]? {
    guard bytes > 0 else { return [] }
    var lacking = bytes
    var victims: [PoolLoad.Victim] = []
    for number in order(candidates) where lacking > 0 {
      let entry = self[number]
      var residency = entry.residency
      let ring = entry.heldBytes - residency.residentBytes
      let segments = residency.giveUp(atLeast: lacking - ring)
      victims.append(
        .init(model: number, segments: segments, ring: entry.ring))
      lacking -= entry.heldBytes - residency.residentBytes
    }
    return lacking <= 0 ? keeping(-lacking, of: victims) : nil
  }

  /// What is left of these victims where they give up `bytes` less: small segments of those that are needed later
  /// stay in room that was freed too much.
  private func keeping(_ bytes: Int, of victims: [PoolLoad.Victim]) -> [PoolLoad.Victim] {
    var rest = bytes
    let left = victims.reversed().map { victim in
      var residency = self[victim.model].residency
      residency.giveUp(victim.segments)
      let kept = residency.keep(victim.segments, within: rest)
      rest -= residency.bytes(of: kept)
      return PoolLoad.Victim(
        model: victim.model, segments: victim.segments.filter { !kept.contains($0) },
        ring: victim.ring)
    }
    return left.reversed().filter { !$0.segments.isEmpty || $0.ring != nil }
  }
}
