@testable import FerryResidency

/// Those who use a pool on paper, and who administers it.
extension PoolModel {
  mutating func ask(_ client: Int) {
    guard clients[client].request == nil else { return }
    let isLate = now > shape.seconds || requestCount > 200
    guard !isLate || !clients[client].held.isEmpty else { return }
    let usable = sizes.keys.filter { !state[$0].isLeaving }.sorted()
    guard let model = usable.randomElement(using: &random) else { return unwind(client) }
    let request = PoolRequest(
      id: requestCount, model: model, since: now, held: clients[client].held)
    requestCount += 1
    clients[client].request = request
    if state.request(request) { return granted(request.id) }
    if Int.random(in: 0..<8, using: &random) == 0 {
      schedule(.cancel(request: request.id), within: shape.longestUse)
    }
  }

  mutating func granted(_ id: Int) {
    guard let client = clients.firstIndex(where: { $0.request?.id == id }),
      let request = clients[client].request
    else { return expect(false, "a lease for nobody") }
    let model = request.model
    let isComing = state.loading?.model == model && state.loading?.control.shouldStop == false
    let isThere = there[model]?.count == sizes[model]?.count || openRings.contains(model)
    expect(isThere || isComing, "a lease of \(model), which is not there")
    longestWait = max(longestWait, now - request.since)
    counts.granted += 1
    clients[client].request = nil
    clients[client].held.append(model)
    let nests = shape.nests && clients[client].held.count < 3
    if nests, Int.random(in: 0..<4, using: &random) == 0 {
      schedule(.ask(client: client), within: shape.longestUse)
    } else {
      schedule(.release(client: client), within: shape.longestUse)
    }
  }

  mutating func failed(_ id: Int) {
    guard let client = clients.firstIndex(where: { $0.request?.id == id }) else {
      return expect(false, "an error for nobody")
    }
    counts.failed += 1
    clients[client].request = nil
    unwind(client)
  }

  /// A task whose request failed ends what it holds, or asks again later.
  mutating func unwind(_ client: Int) {
    if clients[client].held.isEmpty {
      schedule(.ask(client: client), within: shape.longestPause + 1e-3)
    } else {
      schedule(.release(client: client), within: 0)
    }
  }

  mutating func release(_ client: Int) {
    guard let model = clients[client].held.popLast() else { return }
    state.release(model, at: now)
    if clients[client].held.isEmpty {
      schedule(.ask(client: client), within: shape.longestPause)
    } else {
      schedule(.release(client: client), within: shape.longestUse)
    }
  }

  // MARK: who administers

  mutating func administer() {
    guard now < shape.seconds, requestCount <= 200 else {
      for number in sizes.keys { state[number].isPinned = false }
      return
    }
    schedule(.administer, within: 0.1)
    guard let number = sizes.keys.sorted().randomElement(using: &random) else {
      return add("\(requestCount)", [10, 20])
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: state.prefetch(number)
    case 1: depart(number, leaving: false)
    case 2: depart(number, leaving: true)
    case 3, 4: state[number].isPinned.toggle()
    case 5:
      let known = sizes.keys.filter { !state[$0].isLeaving }.sorted()
      _ = state.declare(
        (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in
          known.randomElement(using: &random)
        })
    default:
      if sizes.count < 6 {
        let segments = (0..<3).map { _ in Int.random(in: 1...20, using: &random) }
        add("new \(eventCount)", segments.filter { $0 <= capacity })
      }
    }
  }

  mutating func depart(_ number: Int, leaving: Bool) {
    state.depart(number, leaving: leaving)
    departing[number] = departing[number] ?? now
  }

  /// What the actor does for whoever waits for a departure.
  mutating func endDepartures() {
    for (number, _) in state.takeStuck() {
      expect(shape.refuses, "\(number) is stuck, and nothing was refused")
      departing[number] = nil
    }
    for number in state.takeDeparted() {
      guard departing.removeValue(forKey: number) != nil else {
        expect(false, "\(number) departed, which nobody asked for")
        continue
      }
      counts.departures += 1
      let isGone = there[number]?.isEmpty == true && !openRings.contains(number)
      expect(isGone, "\(number) departed and is there")
      guard state[number].isLeaving else { continue }
      state.remove(number)
      there[number] = nil
      sizes[number] = nil
    }
  }
}
