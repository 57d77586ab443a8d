extension ResidencyPool {
  func begin(_ load: PoolLoad) {
    state.begin(load)
    let (entry, events) = (state[load.model], events)
    let total = entry.residency.bytes(of: load.segments)
    load.control.observe { completed in
      events.publish(
        .loading(model: entry.name, completedBytes: completed, totalBytes: total))
    }
    Task { await perform(load) }
  }

  /// Takes away what must go, brings what must come, and goes on.
  private func perform(_ load: PoolLoad) async {
    var stayed = load.victims
    var came: [Int] = []
    var hasRing = false
    let begin = now
    do {
      for victim in load.victims {
        guard let member = members[victim.model] else { continue }
        if victim.closesRing { try await member.setRing(open: false) }
        if !victim.segments.isEmpty { try await member.giveUp(victim.segments) }
        stayed.removeFirst()
        publishEviction(victim, for: load)
      }
      if let member = members[load.model], load.opensRing {
        try await member.setRing(open: true)
        hasRing = true
      }
      if let member = members[load.model], !load.segments.isEmpty {
        came = try await member.bring(load.segments, control: load.control) {
          Task { await self.started(load) }
        }
      }
      if hasRing, came.count < load.segments.count {
        try await members[load.model]?.setRing(open: false)
        hasRing = false
      }
    } catch {
      if hasRing { try? await members[load.model]?.setRing(open: false) }
      hasRing = false
      fail(load, error)
    }
    finish(load, came: came, stayed: stayed, hasRing: hasRing, seconds: now - begin)
  }

  private func started(_ load: PoolLoad) {
    guard state.loading?.control === load.control else { return }
    state.started()
    advance()
  }

  private func finish(
    _ load: PoolLoad, came: [Int], stayed: [PoolLoad.Victim], hasRing: Bool, seconds: Double
  ) {
    state.end(came: came, stayed: stayed, seconds: seconds, hasRing: hasRing)
    let residency = state[load.model].residency
    // The host may hold the model otherwise now.
    if let member = members[load.model] { state[load.model].secondsPerByte = member.secondsPerByte }
    if !came.isEmpty {
      let bytes = residency.bytes(of: came)
      let rate = members[load.model]?.linkRate
      publish(
        .loaded(
          model: state[load.model].name, bytes: bytes, seconds: seconds,
          linkFraction: rate.map { Double(bytes) / max(seconds, 1e-9) / $0 },
          isComplete: residency.missingBytes == 0))
    }
    advance()
  }

  /// Whoever waits for this model, and only they, get the error.
  private func fail(_ load: PoolLoad, _ error: any Error) {
    publish(.failed(model: state[load.model].name, reason: "\(error)"))
    for request in state.queue where request.model == load.model {
      if state.withdraw(request.id) { settle(request.id, .failure(error)) }
    }
  }
}
