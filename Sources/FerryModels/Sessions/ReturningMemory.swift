import FerryDevices

/// Memory of one size on one device that is given up and comes back, at the same addresses where the
/// device has such.
///
/// One allocation at a time is made of it.
final class ReturningMemory: Sendable {
  /// The size asked for.
  let byteCount: Int
  private let context: DeviceContext
  private let reservation: AddressReservation?

  /// Reserves addresses, where there are any to reserve.
  init(_ context: DeviceContext, byteCount: Int) throws(DeviceError) {
    self.byteCount = byteCount
    self.context = context
    reservation = try context.reserve(byteCount: byteCount)
  }

  /// The memory, of which the contents are undefined.
  func allocate() throws(DeviceError) -> Allocation {
    guard let reservation else { return try context.allocate(byteCount: byteCount) }
    return try context.allocate(in: reservation)
  }
}
