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

  /// The room in which the model runs although some segments are absent: a ring that these go through, while others
  /// compute. nil where it cannot.
  var ringByteCount: Int? { get }

  /// Makes the ring, or gives its memory back.
  func setRing(open: Bool) async throws

  /// Brings these segments, in this order, and calls `started` once steps may begin: what is on its way then is
  /// waited for by the step that needs it.
  ///
  /// Before each segment it asks `control` whether to go on, and returns early where not; and it tells it the bytes of
  /// each.
  ///
  /// - Returns: The segments that came. On failure none of these is there.
  func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int]

  /// Takes these segments away, and gives their memory back.
  func giveUp(_ segments: [Int]) async throws
}

extension PoolMember {
  /// Not known.
  package var linkRate: Double? { nil }

  /// None: all of the model must be there.
  package var ringByteCount: Int? { nil }

  /// Nothing to make.
  package func setRing(open: Bool) async throws {}
}
