extension ResidencyPool {
  func begin(_ load: PoolLoad) {
    state.begin(load)
    let (entry, events, begin) = (state[load.model], events, ContinuousClock.now)
    let total = entry.residency.bytes(of: load.segments)
    load.control.observe { completed in
      events.publish(
        PoolEvent(
          .loading(completedBytes: completed, totalBytes: total), entry.name,
          seconds: (ContinuousClock.now - begin) / .seconds(1)))
    }
    Task { await perform(load, begin) }
  }

  /// How far a load came.
  private struct Outcome {
    /// The segments that came.
    var came: [Int] = []
    /// What did not go.
    var stayed: [PoolLoad.Victim]
    /// Whether its ring is there.
    var hasRing = false
  }

  /// Takes away what must go, brings what must come, and goes on.
  private func perform(_ load: PoolLoad, _ begin: ContinuousClock.Instant) async {
    var outcome = Outcome(stayed: load.victims)
    let hasRoom = await takeAway(load, &outcome)
    let emptied = emptied(by: load, outcome)
    async let written: Void = writeBack(of: emptied)
    if hasRoom {
      do {
        try await bring(load, &outcome)
      } catch {
        await closeRing(of: load, &outcome)
        fail(load, error, since: begin)
      }
    }
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    await written
    finish(load, outcome, since: begin, seconds: seconds)
  }

  /// The models of which a load has left nothing on the device.
  private func emptied(by load: PoolLoad, _ outcome: Outcome) -> [Int] {
    let gone = load.victims.dropLast(outcome.stayed.count).map(\.model)
    return gone.filter { $0 != load.model || load.segments.isEmpty }.filter {
      state[$0].heldBytes == 0
    }
  }

  /// What sessions keep of them leaves the device, while others come over the link's other direction.
  private func writeBack(of numbers: [Int]) async {
    for number in numbers {
      guard let member = members[number] else { continue }
      let (name, begin) = (state[number].name, ContinuousClock.now)
      let written = await member.writeBack()
      let seconds = (ContinuousClock.now - begin) / .seconds(1)
      if written.bytes > 0 {
        publish(PoolEvent(.wroteBack(bytes: written.bytes), name, seconds: seconds))
      }
      if let failure = written.failure {
        publish(PoolEvent(.keptCaches(reason: "\(failure)"), name, seconds: seconds))
      }
    }
  }

  /// Whether everything went that must go for a load.
  private func takeAway(_ load: PoolLoad, _ outcome: inout Outcome) async -> Bool {
    for victim in load.victims {
      guard let member = members[victim.model] else { continue }
      let begin = ContinuousClock.now
      do {
        if victim.ring != nil { try await member.setRing(nil) { _ in } }
        outcome.stayed[0].ring = nil
        if !victim.segments.isEmpty { try await member.giveUp(victim.segments) }
        outcome.stayed.removeFirst()
        state.noteRelease(victim.model)
        publishEviction(victim, for: load, since: begin)
      } catch {
        refuse(victim.model, error, since: begin)
        return false
      }
    }
    return true
  }

  private func bring(_ load: PoolLoad, _ outcome: inout Outcome) async throws {
    guard let member = members[load.model] else { return }
    let name = state[load.model].name
    if let ring = load.ring {
      let events = events
      try await member.setRing(ring) { pass in
        events.publish(
          PoolEvent(
            .streamed(bytes: pass.bytes, waited: pass.waited), name,
            seconds: (pass.end - pass.start) / .seconds(1), time: pass.end))
      }
      outcome.hasRing = true
    }
    guard !load.segments.isEmpty else { return }
    outcome.came = try await member.bring(load.segments, control: load.control) {
      Task { await self.started(load) }
    }
    if outcome.came.count < load.segments.count { await closeRing(of: load, &outcome) }
  }

  private func closeRing(of load: PoolLoad, _ outcome: inout Outcome) async {
    guard outcome.hasRing else { return }
    try? await members[load.model]?.setRing(nil) { _ in }
    outcome.hasRing = false
  }

  private func started(_ load: PoolLoad) {
    guard state.loading?.control === load.control else { return }
    state.started()
    advance()
  }

  private func finish(
    _ load: PoolLoad, _ outcome: Outcome, since begin: ContinuousClock.Instant, seconds: Double
  ) {
    let came = outcome.came
    state.end(came: came, stayed: outcome.stayed, seconds: seconds, hasRing: outcome.hasRing)
    let residency = state[load.model].residency
    // The host may hold the model otherwise now.
    if let member = members[load.model] { state[load.model].secondsPerByte = member.secondsPerByte }
    if !came.isEmpty {
      let bytes = residency.bytes(of: came)
      let rate = members[load.model]?.linkRate
      publish(
        PoolEvent(
          .loaded(
            bytes: bytes,
            firstPageSeconds: load.control.firstPage.map { ($0 - begin) / .seconds(1) },
            linkFraction: rate.map { Double(bytes) / max(seconds, 1e-9) / $0 },
            isComplete: residency.missingBytes == 0), state[load.model].name, seconds: seconds))
    }
    advance()
  }

  /// Whoever waits for this model, and only they, get the error.
  private func fail(_ load: PoolLoad, _ error: any Error, since begin: ContinuousClock.Instant) {
    publish(
      PoolEvent(
        .failed(reason: "\(error)"), state[load.model].name,
        seconds: (ContinuousClock.now - begin) / .seconds(1)))
    for request in state.queue where request.model == load.model {
      if state.withdraw(request.id) { settle(request.id, .failure(error)) }
    }
  }

  /// A model did not go. It is tried again, a few times.
  private func refuse(_ number: Int, _ error: any Error, since begin: ContinuousClock.Instant) {
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    let isStuck = state.noteRefusal(number, because: error)
    let reason = "\(error)"
    publish(
      PoolEvent(
        isStuck ? .stuck(reason: reason) : .failed(reason: reason), state[number].name,
        seconds: seconds))
  }
}
