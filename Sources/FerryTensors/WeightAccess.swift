public import FerryDevices

/// The one door through which a forward pass reaches its weights.
///
/// Models know this protocol and nothing else of where weights are; whoever manages residency
/// implements it.
public protocol WeightAccess: AnyObject, Sendable {
  /// What the weights are.
  var layout: WeightLayout { get }

  /// The device the next step will run on.
  var device: Device { get }

  /// Runs one step of compute on the device's worker, with the weights held where they are: a move
  /// waits until the step is done.
  ///
  /// A step may begin on weights that are moving, where they arrive. If that move fails, what the step did counts for
  /// nothing, and `body` runs again where the weights are: it leaves no trace but in what it returns, and in
  /// states that are attached.
  func withStep<Value: Sendable>(
    _ body: @escaping @Sendable (any WeightStep) throws -> Value
  ) async throws -> Value

  /// Makes `state` move with the weights from now on, for as long as it lives (it is held weakly).
  func attach(_ state: any AttachedState)
}

/// One step of compute in progress.
public protocol WeightStep {
  /// Where the step runs.
  var context: DeviceContext { get }

  /// The weights of a segment, ready for work queued on `context.compute` from now on: resident, at
  /// once; on its way, the stream waits for it; absent, it is brought or an error names where it is.
  func acquire(segment: Int) throws -> ResidentSegment

  /// Whether a segment stays where it is until the step ends. Else it is there only until another one is
  /// acquired, for what was queued by then: weights larger than the device's memory go through it in a ring.
  var keepsSegments: Bool { get }

  /// Has an attached state of the step be where the step runs, if it was taken away with the weights.
  func recall(_ state: any AttachedState) throws
}

extension WeightStep {
  /// Segments stay.
  public var keepsSegments: Bool { true }

  /// States stay with the weights.
  public func recall(_ state: any AttachedState) throws {}
}

/// The weights of one segment on one device, kept there for as long as this value lives.
public struct ResidentSegment: Sendable {
  /// The weights, by number in ``WeightLayout/entries``.
  public let weights: [WeightView]
  /// The number of the first of them.
  public let firstEntry: Int

  /// The segment's weights.
  public init(weights: [WeightView], firstEntry: Int) {
    self.weights = weights
    self.firstEntry = firstEntry
  }

  /// The weight with this number in ``WeightLayout/entries``; it must be of this segment.
  public subscript(entry: Int) -> WeightView { weights[entry - firstEntry] }
}

/// Device memory beside the weights that follows them when they move: the KV cache of a session.
///
/// Called with no step running, but for `restorer`. `copy` reserves and copies but changes nothing; what it returns
/// switches over, or is dropped when the move fails.
public protocol AttachedState: AnyObject, Sendable {
  /// Copies the state over `bridge` without touching the original, which is where the bridge begins.
  func copy(over bridge: DeviceBridge) throws -> StateCopy

  /// Gives up the state; its next use is a typed error.
  func drop()

  /// What makes the state again what it is now, and where it is now, whatever steps make of it until then.
  func restorer() -> StateRestorer
}

/// Makes a state what it was; what it holds on the device given, where steps took it meanwhile, goes.
public typealias StateRestorer = @Sendable (_ target: DeviceContext) -> Void

/// A copy of an ``AttachedState`` on another device that is not the state yet.
public struct StateCopy: Sendable {
  /// The bytes that were copied, which may be fewer than the state has room for.
  public let byteCount: Int
  /// Makes the copy the state.
  public let commit: @Sendable () -> Void

  /// A copy of so many bytes.
  public init(byteCount: Int, commit: @escaping @Sendable () -> Void) {
    self.byteCount = byteCount
    self.commit = commit
  }
}
