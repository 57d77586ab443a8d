/// Bytes of a model, or of what sessions keep beside it, that came to a pool's device, or went.
struct PoolTransfer: Sendable {
  enum Kind: Sendable {
    /// Pages came, the first of the model at this time where it was among them.
    case arrival(firstPage: ContinuousClock.Instant?)
    /// Pages went, or a ring.
    case departure
    /// Memory for a ring was made.
    case ring
    /// Pages went through the ring in a step, which waited for them for so many seconds.
    case stream(waited: Double)
    /// Caches of sessions were written to the host.
    case writeBack
    /// A session's cache came back.
    case bringBack
  }

  let model: String
  let kind: Kind
  let bytes: Int
  let start: ContinuousClock.Instant
  let end: ContinuousClock.Instant
}

/// Hears of transfers as they end.
typealias PoolTransferObserver = @Sendable (PoolTransfer) -> Void
