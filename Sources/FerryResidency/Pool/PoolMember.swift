/// A model as a pool sees it: segments that come to its device and go.
///
/// A pool calls one method at a time of a member, and takes segments away only while nobody holds a lease.
package protocol PoolMember: AnyObject, Sendable {
  /// The device bytes of the segments, in the order the forward pass needs them.
  var segmentBytes: [Int] { get }

  /// What it costs to bring a byte, in seconds: what policies weigh.
  var secondsPerByte: Double { get }

  /// The measured raw rate of the link that bytes come over, in bytes a second; nil where it is not known.
  var linkRate: Double? { get }

  /// Whether the model runs although some segments are absent, which go through a ring while others compute.
  var canStream: Bool { get }

  /// Makes the ring, or gives its memory back; `report` is told what goes through it, step by step.
  func setRing(
    _ ring: RingPlan.Room?, report: @escaping @Sendable (RingPass) -> Void
  ) async throws

  /// Brings these segments, in this order, and calls `started` once steps may begin: what is on its way then is
  /// waited for by the step that needs it.
  ///
  /// Before each segment it asks `control` whether to go on, and returns early where not; and it tells it the bytes of
  /// each, and when the first of the model is there.
  ///
  /// - Returns: The segments that came. On failure none of these is there.
  func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int]

  /// Takes these segments away, and gives their memory back.
  func giveUp(_ segments: [Int]) async throws

  /// Writes to the host what sessions keep on the device beside the model, once nothing of it is there, while
  /// another one may be coming; it comes back when it is needed.
  func writeBack() async -> WriteBack

  /// From now on `report` is told what came back of that.
  func reportReturns(_ report: @escaping @Sendable (StateReturn) -> Void)
}

extension PoolMember {
  /// Not known.
  package var linkRate: Double? { nil }

  /// Sessions keep nothing.
  package func writeBack() async -> WriteBack { WriteBack() }

  /// Nothing comes back.
  package func reportReturns(_ report: @escaping @Sendable (StateReturn) -> Void) {}

  /// All of the model must be there.
  package var canStream: Bool { false }

  /// Nothing to make.
  package func setRing(
    _ ring: RingPlan.Room?, report: @escaping @Sendable (RingPass) -> Void
  ) async throws {}
}
