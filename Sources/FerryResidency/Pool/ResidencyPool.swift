package import FerryDevices

/// Models that share the memory of one device: whoever needs one says so, and the pool brings it.
///
/// Inside ``withModel(_:_:)`` a model is there and stays. What must go for that goes as the policy says, and only
/// as many segments as are needed. Requests are served in the order they came, grouped by model; a request waits no
/// longer than ``PoolOptions/patience`` for others that only came later.
package actor ResidencyPool {
  var state: PoolState
  var members: [Int: any PoolMember] = [:]
  private var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
  private var parking: [Int: [CheckedContinuation<ResidencyError?, Never>]] = [:]
  private var nextRequest = 0
  private var wakeUp: Task<Void, Never>?
  private let capacity: @Sendable (Int) -> Int
  private let start = ContinuousClock.now
  let events = PoolEvents()

  /// A pool in room for as many bytes as `capacity` says, which is asked before each load and told how many are
  /// held.
  package init(options: PoolOptions = PoolOptions(), capacity: @escaping @Sendable (Int) -> Int) {
    self.state = PoolState(options: options)
    self.capacity = capacity
  }

  /// A pool in a budget of a device's memory.
  package init(
    options: PoolOptions = PoolOptions(), budget: DeviceBudget, on context: DeviceContext
  ) {
    self.init(options: options, capacity: budget.capacity(on: context))
  }

  /// What happens from now on.
  package nonisolated func makeEvents() -> AsyncStream<PoolEvent> { events.makeStream() }

  /// The bytes that models hold, or that are about to come.
  package var bytesUsed: Int { state.bytesUsed }

  /// The bytes of a model that are there.
  package func residentBytes(of name: String) throws(ResidencyError) -> Int {
    state[try number(of: name)].residency.residentBytes
  }

  // MARK: members

  /// Adds a model, of which nothing is on the device yet.
  package func register(_ name: String, _ member: any PoolMember) throws(ResidencyError) {
    let number = state.add(
      name, segmentBytes: member.segmentBytes, secondsPerByte: member.secondsPerByte,
      canStream: member.canStream)
    guard let number else {
      throw ResidencyError(
        .nameTaken, "the pool has a model '\(name)'; unload it first, or choose another name")
    }
    members[number] = member
    member.reportReturns { [events] come in
      events.publish(
        PoolEvent(
          .broughtBack(bytes: come.bytes), name, seconds: (come.end - come.start) / .seconds(1),
          time: come.end))
    }
  }

  /// Takes a model out of the pool once nobody holds it. Whoever waits for it gets an error.
  ///
  /// - Throws: ``ResidencyError/Code/notReleased`` where it could not be taken off the device, and stays;
  ///   ``ResidencyError/Code/deadlock`` inside a lease of it.
  package func unload(_ name: String) async throws(ResidencyError) {
    try await depart(try number(of: name), leaving: true)
  }

  /// Takes a model's segments off the device once nobody holds it; the next request brings them back.
  ///
  /// - Throws: ``ResidencyError/Code/notReleased`` where they could not be taken off the device, and stay;
  ///   ``ResidencyError/Code/deadlock`` inside a lease of it.
  package func park(_ name: String) async throws(ResidencyError) {
    try await depart(try number(of: name), leaving: false)
  }

  /// A pinned model is not evicted once it is there.
  package func setPinned(_ isPinned: Bool, _ name: String) throws(ResidencyError) {
    state[try number(of: name)].isPinned = isPinned
    advance()
  }

  /// Brings a model before somebody needs it, where that takes nothing from models in use. Does not wait.
  package func prefetch(_ name: String) throws(ResidencyError) {
    state.prefetch(try number(of: name))
    advance()
  }

  /// Announces which models will be asked for, in order: the pool then brings the next one ahead, and a policy
  /// that looks ahead evicts what is needed last.
  @discardableResult
  package func declare(_ names: [String]) throws(ResidencyError) -> PoolDeclaration {
    var numbers: [Int] = []
    for name in names { numbers.append(try number(of: name)) }
    let declaration = state.declare(numbers)
    advance()
    return declaration
  }

  /// What was announced, and was not asked for yet, will not be.
  package func withdraw(_ declaration: PoolDeclaration) {
    state.withdraw(declaration)
    advance()
  }

  // MARK: leases

  /// Lends a model to `body`: it is on the device and stays there until `body` returns.
  ///
  /// Inside, the same task may ask for other models; a task that asks for more than can be there together gets an
  /// error. Requests for the same model share it.
  ///
  /// - Throws: ``ResidencyError``; what loading the model throws; `CancellationError` while it waits; what `body`
  ///   throws.
  package nonisolated func withModel<Value>(
    _ name: String, _ body: (any PoolMember) async throws -> Value
  ) async throws -> Value {
    let (number, member) = try await lease(name, holding: HeldLeases.current)
    let lease = HeldLease(pool: self, number: number)
    do {
      let value = try await HeldLeases.$current.withValue(HeldLeases.current + [lease]) {
        try await body(member)
      }
      await release(lease)
      return value
    } catch {
      await release(lease)
      throw error
    }
  }

  /// The members of which these are leases. Those that have ended are not held: tasks that were begun inside one may
  /// outlive it.
  private func members(heldBy leases: [HeldLease]) -> [Int] {
    leases.filter { $0.pool === self && !$0.hasEnded }.map(\.number)
  }

  private func lease(
    _ name: String, holding leases: [HeldLease]
  ) async throws -> (Int, any PoolMember) {
    let held = members(heldBy: leases)
    let number = try number(of: name)
    guard let member = members[number], !state[number].isLeaving else { throw Self.unknown(name) }
    let since = now
    let request = PoolRequest(id: nextRequest, model: number, since: since, held: held)
    nextRequest += 1
    let isThere = state.request(request)
    advance()
    if !isThere { try await admission(of: request) }
    publish(PoolEvent(.leased, name, seconds: now - since))
    return (number, member)
  }

  /// Waits until a request has its lease.
  private func admission(of request: PoolRequest) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if let outcome = settled.removeValue(forKey: request.id) {
          continuation.resume(with: outcome)
        } else if Task.isCancelled {
          withdraw(request, continuation)
        } else {
          waiting[request.id] = continuation
        }
      }
    } onCancel: {
      Task { await self.cancel(request) }
    }
  }

  /// Requests that were settled before somebody waited for that.
  private var settled: [Int: Result<Void, any Error>] = [:]

  private func cancel(_ request: PoolRequest) {
    guard let continuation = waiting.removeValue(forKey: request.id) else { return }
    withdraw(request, continuation)
  }

  private func withdraw(
    _ request: PoolRequest, _ continuation: CheckedContinuation<Void, any Error>
  ) {
    _ = state.withdraw(request.id)
    continuation.resume(throwing: CancellationError())
    advance()
  }

  func settle(_ id: Int, _ outcome: Result<Void, any Error>) {
    if let continuation = waiting.removeValue(forKey: id) {
      continuation.resume(with: outcome)
    } else {
      settled[id] = outcome
    }
  }

  private func release(_ lease: HeldLease) {
    lease.end()
    state.release(lease.number, at: now)
    advance()
  }

  // MARK: deciding

  /// Does everything that can be done now.
  func advance() {
    wakeUp?.cancel()
    wakeUp = nil
    while true {
      resumeParked()
      let held = state.bytesUsed
      switch state.next(at: now, capacity: { capacity(held) }) {
      case .grant(let ids): for id in ids { settle(id, .success(())) }
      case .fail(let id, let error): settle(id, .failure(error))
      case .load(let load): begin(load)
      case .wait(let until):
        if let until { wake(at: until) }
        return
      }
    }
  }

  private func wake(at time: Double) {
    let delay = Duration.seconds(max(0, time - now)) + .microseconds(100)
    wakeUp = Task {
      try? await Task.sleep(for: delay)
      if !Task.isCancelled { self.advance() }
    }
  }

  // MARK: parking

  private func depart(_ number: Int, leaving: Bool) async throws(ResidencyError) {
    guard !members(heldBy: HeldLeases.current).contains(number) else {
      throw ResidencyError(
        .deadlock,
        "the model '\(state[number].name)' cannot go while the task that asks for it uses it: end that use first"
      )
    }
    state.depart(number, leaving: leaving)
    let failure = await withCheckedContinuation { continuation in
      parking[number, default: []].append(continuation)
      advance()
    }
    if let failure { throw failure }
  }

  private func resumeParked() {
    for (number, reason) in state.takeStuck() {
      resume(
        number,
        ResidencyError(
          .notReleased,
          "the model '\(state[number].name)' could not be taken off its device, and stays; try again",
          cause: reason))
    }
    for number in state.takeDeparted() {
      // At once: its number and its name are free when the others go on.
      if state[number].isLeaving {
        members[number] = nil
        state.remove(number)
      }
      resume(number, nil)
    }
  }

  private func resume(_ number: Int, _ failure: ResidencyError?) {
    for continuation in parking.removeValue(forKey: number) ?? [] {
      continuation.resume(returning: failure)
    }
  }

  // MARK: what is told

  func publishEviction(
    _ victim: PoolLoad.Victim, for load: PoolLoad, since begin: ContinuousClock.Instant
  ) {
    let entry = state[victim.model]
    let name = load.purpose == .departure ? nil : state[load.model].name
    let ring = victim.ring?.byteCount ?? 0
    publish(
      PoolEvent(
        .evicted(bytes: entry.residency.bytes(of: victim.segments) + ring, for: name), entry.name,
        seconds: (ContinuousClock.now - begin) / .seconds(1)))
  }

  func publish(_ event: PoolEvent) { events.publish(event) }

  var now: Double { (ContinuousClock.now - start) / .seconds(1) }

  private func number(of name: String) throws(ResidencyError) -> Int {
    guard let number = state.number(of: name) else { throw Self.unknown(name) }
    return number
  }

  private static func unknown(_ name: String) -> ResidencyError {
    ResidencyError(.unknownModel, "the pool has no model '\(name)'; register it first")
  }
}
