import FerryDevices

/// Memory of one size on one device that is given up and comes back, at the same addresses where the
/// device has such. On the host, memory that is registered with a driver stays so meanwhile.
///
/// One allocation at a time is made of it.
final class ReturningMemory: Sendable {
  /// The size asked for.
  let byteCount: Int
  private let context: DeviceContext
  private let reservation: AddressReservation?
  private let pin: PinnedHostMemory?

  /// Reserves addresses, where there are any to reserve.
  init(_ context: DeviceContext, byteCount: Int) throws(DeviceError) {
    self.byteCount = byteCount
    self.context = context
    reservation = try context.reserve(byteCount: byteCount)
    pin = nil
  }

  /// Registered memory of the host.
  init(_ pin: PinnedHostMemory) {
    byteCount = pin.allocation.byteCount
    context = pin.allocation.context
    reservation = nil
    self.pin = pin
  }

  /// Whether it stays with this object while it is given up.
  var isKept: Bool { pin != nil }

  /// The memory, of which the contents are undefined.
  func allocate() throws(DeviceError) -> Allocation {
    if let pin { return pin.allocation }
    guard let reservation else { return try context.allocate(byteCount: byteCount) }
    return try context.allocate(in: reservation)
  }

  /// All bytes of what was allocated.
  func view(of allocation: Allocation) -> BufferView {
    pin?.owning(allocation.view) ?? allocation.view
  }
}
