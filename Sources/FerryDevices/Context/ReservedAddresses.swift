import Synchronization

/// Addresses of a device and whether memory is behind them; given up when the last reference goes.
///
/// The retire list of a context refers to them too, so that they outlive memory which a stream may
/// still be using. They know no context, which would otherwise keep itself alive.
final class ReservedAddresses: Sendable {
  let handle: DeviceHandle
  let byteCount: Int
  private let reservations: any AddressReservations
  private let state = Mutex(State())

  /// Every use of the memory has a number of its own, so that whoever gives back an earlier use does
  /// nothing to a later one.
  private struct State {
    var isCommitted = false
    var isOccupied = false
    var use = 0

    mutating func occupy() -> Int {
      precondition(!isOccupied, "a reservation holds one allocation at a time")
      isOccupied = true
      use += 1
      return use
    }
  }

  init(_ reservations: any AddressReservations, byteCount: Int) throws(DeviceError) {
    self.handle = try reservations.reserve(byteCount: byteCount)
    self.byteCount = byteCount
    self.reservations = reservations
  }

  deinit {
    assert(state.withLock { !$0.isCommitted }, "addresses were given up with memory behind them")
    reservations.release(handle, byteCount: byteCount)
  }

  /// Whether a use has not ended.
  var isOccupied: Bool { state.withLock { $0.isOccupied } }

  /// Puts memory behind the addresses where there is none, and returns the number of the use.
  ///
  /// What is there already is idle: the context gives it back at this very moment, having seen that its
  /// streams have passed it, and its ledger no longer knows it.
  func commit() throws(DeviceError) -> Int {
    try state.withLock { (state: inout State) throws(DeviceError) in
      if !state.isCommitted {
        try reservations.commit(handle, byteCount: byteCount)
        state.isCommitted = true
      }
      return state.occupy()
    }
  }

  /// Takes over the memory of an earlier use, which nothing uses any more.
  func takeOver() -> Int { state.withLock { $0.occupy() } }

  /// Ends a use without giving the memory back.
  func vacate() { state.withLock { $0.isOccupied = false } }

  /// Gives the memory of a use that has ended back to the driver.
  func decommit(use: Int) {
    state.withLock { state in
      guard state.isCommitted, state.use == use else { return }
      reservations.decommit(handle, byteCount: byteCount)
      state.isCommitted = false
    }
  }
}
