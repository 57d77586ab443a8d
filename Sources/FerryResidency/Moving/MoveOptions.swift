/// How weights are moved.
public struct MoveOptions: Hashable, Sendable {
  /// What happens to the device memory that weights leave.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// It goes back to the driver, for every process.
    case release
    /// It stays with the device's context, so that the next restore need not allocate.
    case retain
  }

  /// What happens to the states attached to the weights, such as the caches of open sessions.
  public enum StatePolicy: String, Hashable, Sendable, CaseIterable {
    /// They move along.
    case move
    /// They are given up; their next use is a typed error.
    case drop
  }

  /// How the host image is held that is kept beside a device.
  public enum HostCopy: String, Hashable, Sendable, CaseIterable {
    /// As it is: files stay mapped, and every upload reads them.
    case asIs = "as-is"
    /// In memory registered with the device's driver, which is made once, by the first move, and
    /// uploaded from at the full rate of the link ever after. As it is where the device gains nothing
    /// from that, or the memory cannot be had; see ``MoveReport/hostPinningFailure``.
    case pinned
  }

  /// Whether the host image is kept while the weights are on a device: leaving it again is then free.
  public var keepingHostCopy: Bool
  /// How the host image is held that is kept.
  public var hostCopy: HostCopy
  /// Whether the bytes are compared, by checksums computed where they lie, before the source is let go.
  public var verify: Bool
  /// What happens to the device memory that the weights leave.
  public var mode: Mode
  /// Whether the move waits for running steps; otherwise it throws ``ResidencyError/Code/busy``.
  public var waiting: Bool
  /// What happens to attached states.
  public var states: StatePolicy
  /// Whether the raw rate of a link is measured, once a device, when the first move needs it.
  public var measuringLink: Bool

  /// The defaults move everything, keep the host image and give device memory back.
  public init(
    keepingHostCopy: Bool = true, hostCopy: HostCopy = .pinned, verify: Bool = false,
    mode: Mode = .release, waiting: Bool = true, states: StatePolicy = .move,
    measuringLink: Bool = true
  ) {
    self.keepingHostCopy = keepingHostCopy
    self.hostCopy = hostCopy
    self.verify = verify
    self.mode = mode
    self.waiting = waiting
    self.states = states
    self.measuringLink = measuringLink
  }
}
