import Synchronization

/// Addresses on a device that stay while the memory behind them comes and goes.
///
/// Made by ``DeviceContext/reserve(byteCount:)``, filled by ``DeviceContext/allocate(in:)``. Every
/// allocation in it has the same ``Allocation/handle``, so that recorded graphs and foreign pointers
/// stay valid from one to the next. It counts for nothing while it is empty. The addresses are given
/// up when the last reference to it and to its allocation goes, and no stream can be using them.
public final class AddressReservation: Sendable {
  /// The device the addresses are of.
  public let context: DeviceContext
  let addresses: ReservedAddresses

  init(_ addresses: ReservedAddresses, of context: DeviceContext) {
    self.addresses = addresses
    self.context = context
  }

  deinit { context.abandon(addresses) }

  /// The handle that every allocation in it has.
  public var handle: DeviceHandle { addresses.handle }

  /// Its size in bytes, rounded up to the driver's granularity: what an allocation in it takes.
  public var byteCount: Int { addresses.byteCount }

  /// Whether an allocation is in it that somebody still holds.
  public var isOccupied: Bool { addresses.isOccupied }
}

extension DeviceContext {
  /// Reserves addresses for `byteCount` > 0 bytes, with no memory behind them; nil where the device's
  /// driver has no stable addresses.
  public func reserve(byteCount: Int) throws(DeviceError) -> AddressReservation? {
    precondition(byteCount > 0, "a reservation has at least one byte")
    guard let reservations = backend.reservations else { return nil }
    let step = reservations.granularity
    let size = (byteCount + step - 1) / step * step
    return AddressReservation(
      try ReservedAddresses(reservations, byteCount: size), of: self)
  }

  /// Puts memory behind a reservation of this context, of which the contents are undefined.
  ///
  /// One allocation at a time is in a reservation. When it is let go its memory returns to the driver
  /// once every stream has passed that point, or stays behind the addresses for the next allocation
  /// in the same reservation where ``Allocation/retains`` says so. May wait, as
  /// ``allocate(byteCount:)`` does.
  public func allocate(in reservation: AddressReservation) throws(DeviceError) -> Allocation {
    precondition(reservation.context === self, "a reservation of another context")
    let addresses = reservation.addresses
    if let (entry, wasRetained) = ledger.withLock({ $0.reuse(addresses) }) {
      for event in entry.events { try? event.wait() }
      return Allocation(in: reservation, use: addresses.takeOver(), isReused: wasRetained)
    }
    ledger.withLock { $0.inUse += addresses.byteCount }
    do {
      let use = try makingRoom { () throws(DeviceError) in try addresses.commit() }
      return Allocation(in: reservation, use: use, isReused: false)
    } catch {
      ledger.withLock { $0.inUse -= addresses.byteCount }
      throw error
    }
  }

  /// Gives memory that is retained behind addresses back to the driver: nobody can ask for it again.
  func abandon(_ addresses: ReservedAddresses) {
    let isRetained = ledger.withLock { ledger in
      guard let entry = ledger.takeRetained(addresses) else { return false }
      ledger.retire([entry])
      return true
    }
    if isRetained { collect() }
  }
}
