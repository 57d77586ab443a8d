/// Who is in a pool, who holds what, who waits: the transitions of ``ResidencyPool``, without the waiting.
///
/// One load runs at a time, for all share the link. What a load takes and what it brings is entered when it is
/// decided, so that two loads never count on the same room.
struct PoolState: Sendable {
  let options: PoolOptions
  private(set) var entries: [Int: PoolEntry] = [:]
  private var numbers: [String: Int] = [:]
  private var freeNumbers: [Int] = []
  private(set) var queue: [PoolRequest] = []
  private(set) var prefetches: [Int] = []
  /// The members that give up everything once nobody holds them, each with the number of the first request that
  /// came later: those get no lease before.
  private(set) var departing: [Int: Int] = [:]
  private(set) var loading: PoolLoad?
  private(set) var bytesUsed = 0
  var history = RequestHistory()
  var declared = DeclaredRequests()
  private var declaredModels: [Int?] = []
  private var nextRequest = 0

  init(options: PoolOptions) { self.options = options }

  subscript(number: Int) -> PoolEntry {
    get {
      guard let entry = entries[number] else { preconditionFailure("a member of the pool") }
      return entry
    }
    set { entries[number] = newValue }
  }

  /// The number of a member.
  func number(of name: String) -> Int? { numbers[name] }

  // MARK: members

  /// Adds a member, of which nothing is there yet; nil where the name is taken.
  mutating func add(
    _ name: String, segmentBytes: [Int], secondsPerByte: Double, canStream: Bool = false
  ) -> Int? {
    guard numbers[name] == nil else { return nil }
    let number = freeNumbers.popLast() ?? entries.count
    numbers[name] = number
    entries[number] = PoolEntry(
      name: name, number: number, secondsPerByte: secondsPerByte, canStream: canStream,
      residency: PartialResidency(segments: segmentBytes))
    return number
  }

  /// Forgets a member of which nothing is there and nobody wants anything.
  mutating func remove(_ number: Int) {
    let entry = self[number]
    precondition(entry.heldBytes == 0 && entry.leases == 0)
    numbers[entry.name] = nil
    entries[number] = nil
    freeNumbers.append(number)
    prefetches.removeAll { $0 == number }
    departing[number] = nil
    for index in declaredModels.indices where declaredModels[index] == number {
      declaredModels[index] = nil
    }
    for index in queue.indices { queue[index].held.removeAll { $0 == number } }
    history.forget(number)
    declared.forget(number)
  }

  /// A member gives up everything once nobody holds it, and where it leaves comes no more.
  mutating func depart(_ number: Int, leaving: Bool) {
    if departing[number] == nil { departing[number] = nextRequest }
    if leaving { self[number].isLeaving = true }
    self[number].refusals = .init()
    prefetches.removeAll { $0 == number }
    stopLoad(of: number)
  }

  /// What comes for nobody but a model that departs need not come.
  private mutating func stopLoad(of number: Int) {
    guard let loading, loading.model == number, loading.purpose != .departure,
      self[number].leases == 0
    else { return }
    guard self[number].isLeaving || !queue.contains(where: { $0.model == number }) else { return }
    self[number].isUsable = false
    loading.control.stop()
  }

  /// A member could not be taken off the device; whether that was the last attempt.
  mutating func noteRefusal(_ number: Int, because error: any Error) -> Bool {
    self[number].refusals.note(error)
    return self[number].refusals.isFinal
  }

  /// A member was taken off the device.
  mutating func noteRelease(_ number: Int) { self[number].refusals = .init() }

  /// The members that were to give up everything, and cannot: they stay as they are. With each, why.
  mutating func takeStuck() -> [(number: Int, reason: (any Error)?)] {
    let stuck = departing.keys.filter { self[$0].refusals.isFinal }
    for number in stuck {
      departing[number] = nil
      self[number].isLeaving = false
    }
    return stuck.map { ($0, self[$0].refusals.reason) }
  }

  /// The members that have given up everything since this was asked last, and that nobody waits for where they
  /// leave.
  mutating func takeDeparted() -> [Int] {
    let gone = departing.keys.filter { number in
      let entry = self[number]
      let isWanted = entry.isLeaving && queue.contains { $0.model == number }
      let isMoving = loading?.concerns(number) ?? false
      return entry.leases == 0 && entry.heldBytes == 0 && !isWanted && !isMoving
    }
    for number in gone { departing[number] = nil }
    return gone
  }

  // MARK: requests

  /// Somebody asks for a model: whether they have it at once; else they are in the queue.
  mutating func request(_ request: PoolRequest) -> Bool {
    let others = queue.contains { $0.model != request.model }
    let isElsewhere = loading.map { $0.model != request.model && $0.purpose == .request } ?? false
    self[request.model].noteRequest(whileOthersWait: others || isElsewhere)
    history.record(request.model)
    advanceDeclared(request.model)
    nextRequest = request.id + 1
    self[request.model].isBroken = false
    self[request.model].refusals = .init()
    if queue.isEmpty, self[request.model].isUsable, departing[request.model] == nil {
      self[request.model].leases += 1
      return true
    }
    queue.append(request)
    for held in request.held { self[held].waitingLeases += 1 }
    noteUrgency()
    return false
  }

  /// Takes a request out of the queue; false where it is not there any more.
  mutating func withdraw(_ id: Int) -> Bool {
    guard let index = queue.firstIndex(where: { $0.id == id }) else { return false }
    leaveQueue(index)
    noteUrgency()
    return true
  }

  mutating func leaveQueue(_ index: Int) {
    for held in queue[index].held { self[held].waitingLeases -= 1 }
    queue.remove(at: index)
  }

  /// A lease ends.
  mutating func release(_ number: Int, at now: Double) {
    self[number].leases -= 1
    self[number].lastRelease = now
  }

  /// Asks for a model that nobody waits for yet.
  mutating func prefetch(_ number: Int) {
    if !prefetches.contains(number) { prefetches.append(number) }
  }

  mutating func dropPrefetch() { prefetches.removeFirst() }

  /// A load that nobody wants any more, or not as much as others want another, ends early.
  private mutating func noteUrgency() {
    guard let loading, loading.purpose != .departure else { return }
    let isWanted =
      self[loading.model].leases > 0 || queue.contains { $0.model == loading.model }
    let isAnnounced =
      loading.purpose == .prefetch
      || loading.purpose == .declared && nextDeclared == loading.model
    guard !isWanted, !isAnnounced || !queue.isEmpty else { return }
    self[loading.model].isUsable = false
    loading.control.stop()
  }

  // MARK: the declared future

  /// Announces what will be asked for, behind what was announced.
  mutating func declare(_ models: [Int]) -> PoolDeclaration {
    declared.append(models)
    declaredModels += models
    return PoolDeclaration(places: declaredModels.count - models.count..<declaredModels.count)
  }

  /// What was announced will not be asked for; what comes for that alone is left.
  mutating func withdraw(_ declaration: PoolDeclaration) {
    for place in declaration.places { declaredModels[place] = nil }
    declared.forget(declaration.places)
    noteUrgency()
  }

  /// Announced requests that are passed over never come.
  private mutating func advanceDeclared(_ model: Int) {
    guard let distance = declared.distance(to: model) else { return }
    declared.advance(by: distance + 1)
  }

  /// The model that is announced next.
  var nextDeclared: Int? { declaredModels[declared.passed...].lazy.compactMap(\.self).first }

  // MARK: loads

  /// Enters a load: what goes and what comes.
  mutating func begin(_ load: PoolLoad) {
    precondition(loading == nil)
    for victim in load.victims {
      self[victim.model].residency.giveUp(victim.segments)
      self[victim.model].ring = nil
      self[victim.model].isUsable = false
    }
    for segment in load.segments { self[load.model].residency.bring(segment) }
    if let ring = load.ring { self[load.model].ring = ring }
    recount()
    loading = load
  }

  /// Steps of the model that comes may begin.
  mutating func started() {
    guard let loading, !loading.control.shouldStop else { return }
    self[loading.model].isUsable = self[loading.model].isComplete
  }

  /// The load ended: these of its segments came, and its ring if it has one, and these of its victims did not go.
  mutating func end(
    came: [Int], stayed: [PoolLoad.Victim], seconds: Double, hasRing: Bool = true
  ) {
    guard let load = loading else { preconditionFailure("a load in progress") }
    loading = nil
    let missing = Set(load.segments).subtracting(came)
    self[load.model].residency.giveUp(Array(missing))
    if load.ring != nil, !hasRing { self[load.model].ring = nil }
    for victim in stayed {
      for segment in victim.segments { self[victim.model].residency.bring(segment) }
      if let ring = victim.ring { self[victim.model].ring = ring }
    }
    for number in [load.model] + load.victims.map(\.model) {
      self[number].isUsable = self[number].isComplete
    }
    if !came.isEmpty { self[load.model].loadSeconds = seconds }
    if !missing.isEmpty, !load.control.shouldStop { self[load.model].isBroken = true }
    let isPutOff = load.purpose == .prefetch && !missing.isEmpty && load.control.shouldStop
    if isPutOff, departing[load.model] == nil { prefetch(load.model) }
    recount()
  }

  private mutating func recount() {
    bytesUsed = entries.values.reduce(0) { $0 + $1.heldBytes }
  }
}
