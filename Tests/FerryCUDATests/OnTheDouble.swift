import FerryDriverDouble
import Testing

/// The tests over the driver double, of which a process has one: they run one after the other.
@Suite("On the driver double", .serialized) struct OnTheDouble {}

extension OnTheDouble {
  /// Runs `body` on a machine of its own; what it leaves behind, or did wrong, fails the test.
  static func run(
    _ machine: DoubleMachine = DoubleMachine(), sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) rethrows {
    DriverDouble.start(machine)
    defer { #expect(DriverDouble.stop() == [], sourceLocation: sourceLocation) }
    try body()
  }

  /// Runs `body` on a machine of its own; what it leaves behind, or did wrong, fails the test.
  static func run(
    _ machine: DoubleMachine = DoubleMachine(), sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
  ) async rethrows {
    DriverDouble.start(machine)
    defer { #expect(DriverDouble.stop() == [], sourceLocation: sourceLocation) }
    try await body()
  }
}
