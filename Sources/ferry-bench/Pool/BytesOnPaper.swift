import FerryResidency
import Synchronization

/// A member of a pool without bytes, which counts those that would come.
final class BytesOnPaper: PoolMember {
  let segmentBytes: [Int]
  let secondsPerByte = 1e-10
  private let brought = Atomic<Int>(0)

  /// Segments of `byteCount` bytes each.
  init(segments: Int, of byteCount: Int) {
    segmentBytes = Array(repeating: byteCount, count: segments)
  }

  /// The bytes that came so far.
  var broughtBytes: Int { brought.load(ordering: .relaxed) }

  func bring(
    _ segments: [Int], control: LoadControl, started: @escaping @Sendable () -> Void
  ) async throws -> [Int] {
    brought.add(segments.reduce(0) { $0 + segmentBytes[$1] }, ordering: .relaxed)
    return segments
  }

  func giveUp(_ segments: [Int]) async throws {}
}
