package import FerryTensors

/// What travels when weights move.
package enum MoveStrategy: Sendable {
  /// The bytes as they are.
  case direct
  /// Full precision, which the target encodes again with the stored configuration before the move
  /// is done. Statistics, plain weights and dynamic 8-bit blocks travel as they are, and so do the
  /// payloads that encoding does not give back bit for bit, which a checksum tells.
  case requantize(any WeightTranscoding)
  /// As `requantize`, but a segment is encoded at its first use on the target; until then it is held
  /// in full precision there. Verification, checksums, saving and the next move are uses. Which
  /// payloads come back is found out where they are, before the move is done.
  case lazy(any WeightTranscoding)

  var transcoding: (any WeightTranscoding)? {
    switch self {
    case .direct: nil
    case .requantize(let transcoding), .lazy(let transcoding): transcoding
    }
  }

  var isLazy: Bool {
    if case .lazy = self { true } else { false }
  }
}
