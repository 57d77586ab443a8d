import FerryDevices

/// The addresses of an image on one device, which it has again whenever it comes back there.
struct ImageAddresses: Sendable {
  /// One for each slab.
  let reservations: [AddressReservation]
}

extension ImageMemory {
  /// The addresses the image is at; nil where its device has none that stay.
  var addresses: ImageAddresses? {
    let reservations = slabs.compactMap(\.memory.reservation)
    return reservations.count == slabs.count ? ImageAddresses(reservations: reservations) : nil
  }
}
