@testable import FerryResidency

/// What must be true of a pool on paper.
extension PoolModel {
  func checkAccount() {
    let booked = sizes.keys.reduce(0) { $0 + state[$1].heldBytes }
    let real = there.reduce(0) { sum, model in
      sum + model.value.reduce(0) { $0 + (sizes[model.key]?[$1] ?? 0) }
    }
    let rings = openRings.reduce(0) { $0 + (state[$1].ring?.byteCount ?? 0) }
    expect(booked == state.bytesUsed, "\(booked) bytes booked, \(state.bytesUsed) said")
    expect(booked <= capacity, "\(booked) bytes booked of \(capacity)")
    expect(real + rings <= capacity, "\(real + rings) bytes there of \(capacity)")
    expect(
      state.loading != nil || real + rings == booked,
      "\(real + rings) bytes there, \(booked) booked")
  }

  func checkLeases() {
    for number in sizes.keys {
      let leases = clients.reduce(0) { $0 + $1.held.filter { $0 == number }.count }
      expect(leases == state[number].leases, "\(state[number].leases) leases, not \(leases)")
    }
  }

  func checkReason(_ error: ResidencyError, of id: Int) {
    guard error.code == .deadlock,
      let head = clients.first(where: { $0.request?.id == id })?.request?.model
    else { return }
    for client in clients where !client.held.isEmpty {
      let helps = client.held.contains {
        $0 != head && !state[$0].isPinned && state[$0].heldBytes > 0
          && !state[$0].refusals.isFinal
      }
      expect(!helps || client.request != nil, "a deadlock, though a holder does not wait")
      let isServed = client.request.map { state[$0.model].isUsable } ?? false
      expect(!isServed, "a deadlock, though a holder waits for a model that is there")
    }
  }

  /// Whoever waits does so for its patience, and then for a turn of each task that came before: the leases that are
  /// in its way, and a load.
  func checkLongestWait() {
    guard !shape.nests, !shape.administers, !shape.refuses else { return }
    let bytes = sizes.values.reduce(0) { $0 + $1.reduce(0, +) }
    let turn = shape.longestUse + Double(bytes) * shape.secondsPerByte + 1e-3
    let bound = shape.patience + Double(shape.tasks + 1) * turn
    expect(longestWait <= bound, "somebody waited for \(longestWait) seconds of \(bound)")
  }

  /// Nobody waits behind a request that cannot be served yet for what fits beside it, before that one is overdue.
  private func checkOvertaking(_ head: PoolRequest) {
    guard now - head.since < shape.patience else { return }
    let room = capacity - state.bytesUsed
    for request in state.queue where request.model != head.model {
      let entry = state[request.model]
      guard !entry.isUsable, !entry.canStream else { continue }
      expect(
        entry.residency.missingBytes > room, "\(request) waits, and there is room beside \(head)")
    }
  }

  /// Nobody waits, while nothing is on its way, for what could be had.
  func checkWait(until: Double?) {
    guard state.loading == nil else { return }
    let isOverdue = { [now, shape] (request: PoolRequest) in now - request.since >= shape.patience }
    guard let head = state.queue.first(where: { !state[$0.model].isUsable }) else {
      return expect(
        state.queue.allSatisfy { state.departing[$0.model] != nil },
        "requests wait for models that are there")
    }
    checkOvertaking(head)
    // What a ring and the segments beside it take is another sum.
    guard !state[head.model].canStream else { return }
    let free = sizes.keys.filter {
      $0 != head.model && state[$0].leases == 0 && !state[$0].isPinned
        && !state[$0].refusals.isFinal
    }.reduce(0) { $0 + state[$1].heldBytes }
    let needed = state[head.model].residency.missingBytes
    let fits = state.bytesUsed + needed - free <= capacity
    expect(
      !fits || until.map { $0 <= head.since + shape.patience + 1e-6 } ?? false,
      "\(head) waits, and there is room")
    expect(isOverdue(head) || until != nil, "\(head) is not looked after when it is overdue")
  }
}
