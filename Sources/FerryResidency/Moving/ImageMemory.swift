import FerryDevices
import FerryTensors

/// Memory for a whole image on one device or the host, slab by slab.
struct ImageMemory: Sendable {
  /// A slab of the image and its memory.
  struct Place: Sendable {
    let slab: Slab
    let memory: Allocation
  }

  /// The slabs of the image.
  let slabs: [Place]
  /// The image in that memory.
  let image: WeightImage

  init(slabs: [Place], image: WeightImage) {
    self.slabs = slabs
    self.image = image
  }

  /// Slabs are no larger than this: a larger one would be hard to place on a fragmented device.
  static func slabLimit(on context: DeviceContext) -> Int {
    min(256 << 20, context.backend.limits.maximumAllocation)
  }

  /// Reserves all of it, at `addresses` where the image has some on this device. On failure nothing
  /// stays reserved, and what was retained is so again.
  init(
    reserving layout: WeightLayout, on context: DeviceContext, at addresses: ImageAddresses? = nil,
    slabLimit: Int? = nil
  ) throws(DeviceError) {
    let slabs = layout.slabs(limit: slabLimit ?? Self.slabLimit(on: context))
    for slab in slabs { try Self.check(slab, of: layout, fits: context) }
    var places: [Place] = []
    do throws(DeviceError) {
      for (index, slab) in slabs.enumerated() {
        let kept = addresses?.reservations[index]
        places.append(try Place(reserving: slab, on: context, at: kept))
      }
    } catch {
      for place in places { place.retainIfReused() }
      throw Self.explained(error, layout: layout, on: context)
    }
    self.slabs = places
    self.image = Self.image(of: layout, in: places, on: context.device)
  }

  /// Makes the memory stay with its context when it is let go.
  func retain() {
    for place in slabs { place.memory.retains = true }
  }

  /// Makes memory that had been retained go back there when it is let go.
  func retainReused() {
    for place in slabs { place.retainIfReused() }
  }

  private static func image(
    of layout: WeightLayout, in places: [Place], on device: Device
  ) -> WeightImage {
    let storage: WeightImage.Storage = device == .cpu ? .pageable : .device
    var image = WeightImage(empty: layout, device: device, storage: storage)
    for place in places {
      for index in place.slab.segments {
        let range = layout.segments[index].imageRange
        let start = range.lowerBound - place.slab.imageRange.lowerBound
        image.set(.assembled(place.memory.view[start, count: range.count]), segment: index)
      }
    }
    return image
  }

  private static func check(
    _ slab: Slab, of layout: WeightLayout, fits context: DeviceContext
  ) throws(DeviceError) {
    let maximum = context.backend.limits.maximumAllocation
    guard slab.imageRange.count > maximum else { return }
    let segment = layout.segments[slab.segments.lowerBound]
    let entries = layout.entries[segment.entries]
    let largest = entries.max { $0.byteCount < $1.byteCount }
    let (culprit, byteCount) =
      if let largest, largest.byteCount > maximum {
        ("the weight \(largest.name)", largest.byteCount)
      } else {
        ("the segment \(segment.name)", slab.imageRange.count)
      }
    let sizes = ByteCount.spelled(byteCount, maximum)
    throw DeviceError(
      .allocationTooLarge,
      "\(culprit) has \(sizes[0]), and \(context.device) allows no allocation above \(sizes[1]); "
        + "quantize it to fewer bits or use another device")
  }

  private static func explained(
    _ error: DeviceError, layout: WeightLayout, on context: DeviceContext
  ) -> DeviceError {
    guard error.code == .outOfMemory else { return error }
    let sizes = ByteCount.spelled(layout.imageByteCount, context.bytesInUse)
    return DeviceError(
      .outOfMemory,
      "\(context.device) has no room for the weights, \(sizes[0]) "
        + "(\(sizes[1]) are in use there by this process); move another model away or "
        + "quantize to fewer bits",
      cause: error.description)
  }
}

extension ImageMemory.Place {
  /// A slab of empty tensors gets a byte: their views need an owner. Where an earlier allocation is
  /// still held at the addresses, by whoever holds a view of it, others are taken.
  init(
    reserving slab: Slab, on context: DeviceContext, at kept: AddressReservation?
  ) throws(DeviceError) {
    self.slab = slab
    let byteCount = max(1, slab.imageRange.count)
    var reservation = kept
    if kept?.isOccupied ?? true { reservation = try context.reserve(byteCount: byteCount) }
    if let reservation {
      self.memory = try context.allocate(in: reservation)
    } else {
      self.memory = try context.allocate(byteCount: byteCount)
    }
  }

  fileprivate func retainIfReused() {
    if memory.isReused { memory.retains = true }
  }
}
