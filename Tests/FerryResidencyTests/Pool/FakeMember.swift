import Synchronization

@testable import FerryResidency

/// A member without bytes: it remembers what is there, and fails, waits or stops as it is told.
final class FakeMember: PoolMember {
  struct Broken: Error, Hashable {}

  let segmentBytes: [Int]
  let secondsPerByte: Double
  private let state = Mutex(State())

  struct State {
    var resident: Set<Int> = []
    var broughtBytes = 0
    var loads = 0
    var failures = 0
    var delay = Duration.zero
    var leases = 0
    var refusals = 0
  }

  init(segments: [Int], secondsPerByte: Double = 1) {
    segmentBytes = segments
    self.secondsPerByte = secondsPerByte
  }

  /// Ten segments of `byteCount` / 10.
  convenience init(_ byteCount: Int) {
    self.init(segments: Array(repeating: byteCount / 10, count: 10))
  }

  var residentBytes: Int { state.withLock { $0.resident.reduce(0) { $0 + segmentBytes[$1] } } }
  var broughtBytes: Int { state.withLock { $0.broughtBytes } }
  var loads: Int { state.withLock { $0.loads } }

  /// Makes the next loads fail after their first segment.
  func fail(times: Int) { state.withLock { $0.failures = times } }

  /// Makes it stay where it is the next times it is to go.
  func refuse(times: Int) { state.withLock { $0.refusals = times } }

  /// How long each segment takes.
  func delay(_ duration: Duration) { state.withLock { $0.delay = duration } }

  /// A use, in which everything must be there.
  func use() async throws {
    guard residentBytes == segmentBytes.reduce(0, +) else { throw Broken() }
    state.withLock { $0.leases += 1 }
    await Task.yield()
    state.withLock { $0.leases -= 1 }
    guard residentBytes == segmentBytes.reduce(0, +) else { throw Broken() }
  }

  func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int] {
    state.withLock { $0.loads += 1 }
    var came: [Int] = []
    for segment in segments where !control.shouldStop {
      let delay = state.withLock { $0.delay }
      if delay > .zero { try await Task.sleep(for: delay) }
      try checkNotBroken(came)
      state.withLock { state in
        precondition(state.resident.insert(segment).inserted, "a segment comes once")
        state.broughtBytes += segmentBytes[segment]
      }
      came.append(segment)
      control.note(segmentBytes[segment])
    }
    return came
  }

  private func checkNotBroken(_ came: [Int]) throws {
    try state.withLock { state in
      guard state.failures > 0, !came.isEmpty || segmentBytes.count == 1 else { return }
      state.failures -= 1
      state.resident.subtract(came)
      throw Broken()
    }
  }

  func giveUp(_ segments: [Int]) async throws {
    try state.withLock { state in
      guard state.refusals == 0 else {
        state.refusals -= 1
        throw Broken()
      }
      precondition(state.leases == 0, "nobody holds it")
      precondition(state.resident.isSuperset(of: segments), "a segment goes once")
      state.resident.subtract(segments)
    }
  }
}
