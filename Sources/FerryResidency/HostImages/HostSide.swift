import FerryDevices
import FerryTensors

/// The part that host memory plays in a move.
struct HostSide: Sendable {
  /// The host image that may stay beside the device's; nil where there is none.
  private let kept: WeightImage?
  /// Registers the host image, or the memory that becomes one while the weights arrive.
  let pinning: HostPinning?
  /// Why nothing is registered, where that was asked for.
  private let refusal: DeviceError?

  fileprivate init(kept: WeightImage?, pinning: HostPinning?, refusal: DeviceError?) {
    self.kept = kept
    self.pinning = pinning
    self.refusal = refusal
  }

  /// The image on the host once everything has arrived, with all that is registered.
  var image: WeightImage? { pinning?.result ?? kept }

  /// An image that was filled on the way.
  var filled: WeightImage? { pinning.flatMap { $0.hasFilled ? $0.result : nil } }

  /// Why the host image, or a part of it, is not registered, where it should be.
  var pinningFailure: DeviceError? { refusal ?? pinning?.failure }
}

extension Move {
  /// Begins to register the host image, or memory for one, where the options and the device ask for it.
  /// Where that fails the weights move all the same, more slowly.
  func hostSide(of plan: MovePlan, arrival: ImageMemory?) -> HostSide {
    let kept = target.device == .cpu ? arrival?.image ?? plan.hostImage : plan.hostImage
    do throws(DeviceError) {
      let pinning = try imageToPin(by: plan, kept).flatMap { (image, context) throws(DeviceError) in
        try HostPinning(image, for: context, mover: weights.mover)
      }
      return HostSide(kept: kept, pinning: pinning, refusal: nil)
    } catch {
      return HostSide(kept: kept, pinning: nil, refusal: error)
    }
  }

  /// The image to register, and the device that gains from it.
  private func imageToPin(
    by plan: MovePlan, _ kept: WeightImage?
  ) -> (WeightImage, DeviceContext)? {
    guard options.hostCopy == .pinned, strategy.transcoding == nil, let kept,
      case .copy(_, let origin) = plan.work
    else { return nil }
    let isArrival = target.device == .cpu
    let device = isArrival ? origin : target
    guard device.backend.pinning != nil else { return nil }
    guard isArrival || origin.device == .cpu && options.keepingHostCopy else { return nil }
    return (kept, device)
  }
}
