public import FerryDevices

/// The suite that every ``FerryDevices/DeviceBackend`` must pass.
///
///     @Test(arguments: DeviceConformance.checks)
///     func conforms(_ check: DeviceCheck) throws { try check.run(on: MyBackend()) }
///
/// A check runs in a context of its own and ends with an account: whatever it allocated is back.
public enum DeviceConformance {
  /// All checks, from the simplest to the most demanding.
  public static let checks: [DeviceCheck] =
    memoryChecks + copyChecks + checksumChecks + orderChecks + kernelChecks + numberChecks
    + collectiveChecks
}

/// One property that a backend must have.
public struct DeviceCheck: Sendable, CustomStringConvertible {
  /// What holds, in a few words.
  public let name: String
  private let body: @Sendable (DeviceContext) throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (DeviceContext) throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The name.
  public var description: String { name }

  /// Throws a ``ConformanceFailure``, or the device's error, where the property does not hold.
  public func run(on backend: any DeviceBackend) throws {
    do {
      try TestDevices.withContext(of: backend, body)
    } catch let failure as ConformanceFailure {
      throw ConformanceFailure("\(backend.device): \(name): \(failure.message)")
    }
  }
}

/// A backend that does not do what the seam says.
public struct ConformanceFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which device, which check, and what was seen.
  public let message: String

  init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}

/// Throws with `message` unless `condition` holds.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw ConformanceFailure(message()) }
}

/// Throws unless `body` fails with one of `codes`.
func requireError<Value>(
  _ codes: Set<DeviceError.Code>, _ what: String, _ body: () throws -> Value
) throws {
  do {
    _ = try body()
  } catch let error as DeviceError {
    try require(codes.contains(error.code), "\(what) failed as \(error.code): \(error)")
    return try require(!error.message.isEmpty, "\(what) failed without a message")
  }
  throw ConformanceFailure("\(what) succeeded")
}
