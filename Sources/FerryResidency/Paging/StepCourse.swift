import Synchronization

/// Counts the passes of steps through weights, by the segment in the middle: a step may pass several times, and the
/// last layer may go back to the first segment.
final class StepCourse: Sendable {
  private static let nowhere = -1
  private let last = Atomic<Int>(nowhere)
  private let passes = Atomic<Int>(0)

  var passCount: Int { passes.load(ordering: .relaxed) }

  /// A step begins.
  func begin() { last.store(Self.nowhere, ordering: .relaxed) }

  /// A step asks for a segment of so many.
  func reach(_ segment: Int, of count: Int) {
    let isMiddle = segment == count / 2
    let isNew = last.exchange(segment, ordering: .relaxed) != segment
    if isMiddle, isNew { passes.add(1, ordering: .relaxed) }
  }
}
