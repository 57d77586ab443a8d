/// What a pool knows of a member. Times are in seconds of the pool's clock.
struct PoolEntry: Sendable {
  let name: String
  /// Its number in histories and snapshots.
  let number: Int
  var secondsPerByte: Double
  /// Whether absent segments may go through a ring.
  let canStream: Bool
  var residency: PartialResidency
  /// The ring through which they go; nil where there is none.
  var ring: RingPlan.Room?
  /// Whether steps may begin: everything is there, or on its way.
  var isUsable = false
  /// Whether it stays once it is there.
  var isPinned = false
  /// Whether it is taken out of the pool and comes no more.
  var isLeaving = false
  /// Whether its last load failed, and nobody has asked for it since.
  var isBroken = false
  /// How often in turn it could not be taken off the device, and why.
  var refusals = Refusals()
  /// How many hold it.
  var leases = 0
  /// How many of those wait for another model meanwhile.
  var waitingLeases = 0
  /// When its last lease ended.
  var lastRelease = -Double.infinity
  /// How long its last load took.
  var loadSeconds = 0.0
  /// How often it was asked for lately while others waited: it has clients of its own.
  var contention = 0.0

  /// The device bytes it holds.
  var heldBytes: Int { residency.residentBytes + (ring?.byteCount ?? 0) }

  /// Whether it can run as it is.
  var isComplete: Bool { residency.missingBytes == 0 || ring != nil }

  /// The least room in which it runs.
  var leastBytes: Int {
    canStream ? min(residency.byteCount, residency.leastBytes) : residency.byteCount
  }

  /// Whether every lease of it is held by somebody who waits for another model.
  var isHeldByWaiting: Bool { leases > 0 && waitingLeases >= leases }

  /// Until when it is left alone although nobody holds it, for its clients ask again at once: half of what its
  /// load took, at most a quarter of what others may be made to wait.
  func lingers(until patience: Double) -> Double {
    guard contention >= 0.25, leases == 0 else { return -.infinity }
    return lastRelease + min(loadSeconds / 2, patience / 4)
  }

  /// Attempts to take a model off its device that failed.
  struct Refusals: Sendable {
    private static let most = 3
    private(set) var count = 0
    private(set) var reason: (any Error)?

    /// Whether it is not tried any more.
    var isFinal: Bool { count >= Self.most }

    mutating func note(_ error: any Error) { (count, reason) = (count + 1, error) }
  }

  mutating func noteRequest(whileOthersWait: Bool) {
    contention = contention / 2 + (whileOthersWait ? 0.5 : 0)
  }
}

/// Somebody who waits for a model.
struct PoolRequest: Sendable {
  let id: Int
  let model: Int
  /// Since when.
  let since: Double
  /// The models that the same task holds leases of, once for each lease.
  var held: [Int]
}
