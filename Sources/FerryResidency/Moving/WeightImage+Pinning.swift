import FerryDevices
import FerryTensors

extension WeightImage {
  /// The same bytes at the same place on the host, registered with the driver of `context`.
  func pinned(by pins: HostPins, for context: DeviceContext) throws(DeviceError) -> WeightImage {
    var seen: Set<ObjectIdentifier> = []
    var allocations: [Allocation] = []
    for place in places {
      let allocation = try Self.allocation(of: place)
      if seen.insert(ObjectIdentifier(allocation)).inserted { allocations.append(allocation) }
    }
    let pinned = try pins.pin(allocations, for: context)
    let pinOf = Dictionary(
      uniqueKeysWithValues: zip(allocations.map { ObjectIdentifier($0) }, pinned))
    var image = WeightImage(empty: layout, device: .cpu, storage: .pinned)
    for (index, place) in places.enumerated() {
      guard case .assembled(let view)? = place, let pin = pinOf[ObjectIdentifier(view.owner)] else {
        continue
      }
      image.set(.assembled(pin.owning(view)), segment: index)
    }
    return image
  }

  private static func allocation(of place: SegmentPlace?) throws(DeviceError) -> Allocation {
    guard case .assembled(let view)? = place, let allocation = view.owner as? Allocation else {
      throw DeviceError(
        .unavailable, "only host memory of this process is registered with a driver, no file")
    }
    return allocation
  }
}

extension ImageMemory {
  /// The same memory of the host, its image registered with the driver of `context`.
  func pinned(by pins: HostPins, for context: DeviceContext) throws(DeviceError) -> ImageMemory {
    ImageMemory(slabs: slabs, image: try image.pinned(by: pins, for: context))
  }
}
