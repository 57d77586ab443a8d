import FerryDevices
import FerryTensors

/// The part that host memory plays in a move.
struct HostSide: Sendable {
  /// The host image that is read, or that may stay beside the device's; nil where there is none.
  var image: WeightImage?
  /// Memory that becomes a host image while the weights pass through it.
  var filling: ImageMemory?
  /// Where weights that come to the host arrive.
  var arrival: ImageMemory?
  /// Why the host image is not registered with the device's driver, where it should be.
  var pinningFailure: DeviceError?
}

extension Move {
  /// Registers the host image, or memory for one, where the options and the device ask for it. Where that
  /// fails the weights move all the same, more slowly.
  func hostSide(of plan: MovePlan, arrival: ImageMemory?) -> HostSide {
    var side = HostSide(image: plan.hostImage, arrival: arrival)
    guard options.hostCopy == .pinned, strategy.transcoding == nil else { return side }
    do throws(DeviceError) {
      try pin(&side, of: plan)
    } catch {
      side.pinningFailure = error
    }
    return side
  }

  private func pin(_ side: inout HostSide, of plan: MovePlan) throws(DeviceError) {
    guard case .copy(let image, let origin) = plan.work else { return }
    let pins = weights.mover.pins
    if target.device == .cpu {
      guard origin.backend.pinning != nil else { return }
      side.arrival = try side.arrival?.pinned(by: pins, for: origin)
      return
    }
    guard origin.device == .cpu, target.backend.pinning != nil, options.keepingHostCopy else {
      return
    }
    switch image.storage {
    case .pageable: side.image = try image.pinned(by: pins, for: target)
    case .mapped: side.filling = try roomForHostImage(beside: target)
    case .pinned, .device: break
    }
  }

  /// Registered host memory for the whole image, in the slabs it has on the device.
  private func roomForHostImage(beside target: DeviceContext) throws(DeviceError) -> ImageMemory {
    let mover = weights.mover
    try mover.pins.budget.check(weights.layout.imageByteCount)
    let limit = ImageMemory.slabLimit(on: target)
    let memory = try ImageMemory(reserving: weights.layout, on: mover.host, slabLimit: limit)
    return try memory.pinned(by: mover.pins, for: target)
  }
}
