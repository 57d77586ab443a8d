import FerryDevices
import FerryTensors

/// Which bytes a move needs, decided before anything is reserved.
struct MovePlan {
  /// What has to be copied.
  enum Work {
    /// Nothing: the host image is what the weights move to.
    case none(WeightImage)
    /// A whole image that is on this context.
    case copy(WeightImage, from: DeviceContext)
  }

  let work: Work
  /// The host image that may be kept beside a device image.
  let hostImage: WeightImage?
  /// Why a host image that is there cannot be used.
  let hostCopyFailure: TensorError?

  /// A host image is preferred to a device's: reading it costs no download. One whose files changed
  /// is no choice.
  ///
  /// A `strategy` other than direct always begins with what steps use.
  init(
    _ placement: Placement, to target: DeviceContext, host: DeviceContext, strategy: MoveStrategy
  ) {
    let isDirect = strategy.transcoding == nil
    switch placement {
    case .host(let image):
      (work, hostImage, hostCopyFailure) = (.copy(image, from: host), image, nil)
    case .device(let replica, let hostCopy):
      let failure = hostCopy.flatMap(Self.failure)
      let usable = failure == nil ? hostCopy : nil
      switch (isDirect ? usable : nil, target.device == .cpu) {
      case (let image?, true): work = .none(image)
      case (let image?, false): work = .copy(image, from: host)
      case (nil, _): work = .copy(replica.memory.image, from: replica.context)
      }
      (hostImage, hostCopyFailure) = (usable, failure)
    }
  }

  /// Where the bytes are copied from; nil where none are.
  var origin: DeviceContext? {
    if case .copy(_, let context) = work { context } else { nil }
  }

  private static func failure(of image: WeightImage) -> TensorError? {
    do throws(TensorError) {
      try image.checkFilesUnchanged()
      return nil
    } catch {
      return error
    }
  }
}
