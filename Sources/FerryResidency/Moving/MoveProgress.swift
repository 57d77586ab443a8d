/// How far a move is.
public struct MoveProgress: Hashable, Sendable {
  /// What is being done.
  public enum Phase: String, Hashable, Sendable { case copying, verifying }

  /// What is being done.
  public let phase: Phase
  /// The weight bytes of this phase that are done, padding not counted; never decreases in a phase.
  public let completedBytes: Int
  /// All of them. 0 where nothing had to be copied.
  public let totalBytes: Int

  /// The part that is done, from 0 to 1.
  public var fraction: Double {
    totalBytes == 0 ? 1 : Double(completedBytes) / Double(totalBytes)
  }
}

/// Whoever wants to know how far a move is; called on the thread that copies.
public typealias MoveObserver = @Sendable (MoveProgress) -> Void
