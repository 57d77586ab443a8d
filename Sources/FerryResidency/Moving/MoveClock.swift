/// Where the time of a move goes.
struct MoveClock: Sendable {
  /// When it began.
  let start = ContinuousClock.now
  /// Making device memory.
  private(set) var allocating = Duration.zero
  /// Making host memory and registering it, from the first region to the last.
  private(set) var pinning = Duration.zero
  /// Copying weights and states, without waiting for host memory.
  private(set) var copying = Duration.zero
  /// What of `pinning` went on beside copies.
  private(set) var overlapping = Duration.zero
  /// Verification, which counts for nothing.
  var verifying = Duration.zero

  /// Runs a part of the move that makes device memory.
  mutating func allocate<Value>(_ body: () throws -> Value) rethrows -> Value {
    try time(\.allocating, body)
  }

  /// Runs a part of the move that copies.
  mutating func copy<Value>(_ body: () throws -> Value) rethrows -> Value {
    try time(\.copying, body)
  }

  /// Notes that host memory was made and registered while copies went on, which waited for it for a part of
  /// that time.
  mutating func note(pinning: Duration, waited: Duration) {
    self.pinning += pinning
    copying -= waited
    overlapping += max(.zero, pinning - waited)
  }

  /// The seconds since it began, without verification.
  var seconds: Double { (ContinuousClock.now - start - verifying) / .seconds(1) }

  private mutating func time<Value>(
    _ part: WritableKeyPath<MoveClock, Duration>, _ body: () throws -> Value
  ) rethrows -> Value {
    let start = ContinuousClock.now
    defer { self[keyPath: part] += ContinuousClock.now - start }
    return try body()
  }
}
