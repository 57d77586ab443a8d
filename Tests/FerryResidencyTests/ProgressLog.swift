import FerryResidency
import Synchronization

/// What a move reported.
final class ProgressLog: Sendable {
  private let entries = Mutex<[MoveProgress]>([])
  var values: [MoveProgress] { entries.withLock { $0 } }
  func append(_ progress: MoveProgress) { entries.withLock { $0.append(progress) } }
}
