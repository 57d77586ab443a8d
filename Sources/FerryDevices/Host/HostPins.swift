import Synchronization

/// The host memory that is registered with drivers, each piece once for all devices of a driver, under
/// one budget.
package final class HostPins: Sendable {
  /// What may be registered.
  package let budget: PinnedBudget
  /// The most bytes that are registered in one call; no copy may go across.
  package let pieceByteCount: Int
  private let turns = Mutex<[Key: KnownTurn]>([:])

  private struct Key: Hashable {
    let memory: DeviceHandle
    let driver: Device.Backend
  }

  private struct KnownTurn: Sendable {
    weak var turn: PinTurn?
  }

  /// Nothing registered yet.
  package init(
    budget: PinnedBudget = PinnedBudget(), pieceByteCount: Int = PinnedHostMemory.pieceLimit
  ) {
    self.budget = budget
    self.pieceByteCount = pieceByteCount
  }

  /// Registers an allocation of the host for the driver of `context`. One that is registered already
  /// stays so; whoever asks while another registers it waits, and gets the same.
  package func pin(_ allocation: Allocation, for context: DeviceContext) throws(DeviceError)
    -> PinnedHostMemory
  {
    guard let pinning = context.backend.pinning else {
      throw DeviceError(
        .unavailable, "\(context.device) copies from any memory alike: there is nothing to register"
      )
    }
    let turn = turn(Key(memory: allocation.handle, driver: context.device.backend))
    return try turn.pin { (registrar) throws(DeviceError) in
      try PinnedHostMemory(
        allocation, with: registrar ?? pinning, budget: budget, pieceByteCount: pieceByteCount,
        turn: turn, isRegistered: registrar != nil)
    }
  }

  private func turn(_ key: Key) -> PinTurn {
    turns.withLock { turns in
      if let turn = turns[key]?.turn { return turn }
      let turn = PinTurn()
      turns = turns.filter { $0.value.turn != nil }
      turns[key] = KnownTurn(turn: turn)
      return turn
    }
  }
}

/// Registers and unregisters one allocation, one thread at a time.
package final class PinTurn: Sendable {
  private let state = Mutex(State())

  private struct State: Sendable {
    weak var pin: PinnedHostMemory?
    /// Who registered it, and unregisters it at last: drivers have several devices.
    var registrar: (any HostPinning)?
    /// How many there are, those included that are ending and have not unregistered it yet.
    var count = 0
  }

  fileprivate init() {}

  /// What is registered, else what `make` registers, unless the last one has not yet been unregistered.
  fileprivate func pin(
    _ make: (_ registrar: (any HostPinning)?) throws(DeviceError) -> PinnedHostMemory
  ) throws(DeviceError) -> PinnedHostMemory {
    try state.withLock { (state: inout State) throws(DeviceError) in
      if let pin = state.pin { return pin }
      let pin = try make(state.registrar)
      state.pin = pin
      state.registrar = pin.pinning
      state.count += 1
      return pin
    }
  }

  /// Ends one; `unregister` runs unless another has taken over.
  func end(_ unregister: () -> Void) {
    state.withLock { state in
      state.count -= 1
      guard state.count == 0 else { return }
      unregister()
      state.registrar = nil
    }
  }
}
