import FerryDevices
import FerryTensors

extension Move {
  /// Compares what arrived with what is still at the source, and both with what is known of the
  /// weights. Returns the checksums, and the time it took; nothing where it was not asked for.
  func verified(_ old: Placement, _ new: Placement) throws -> ([UInt64]?, Duration) {
    guard options.verify else { return (nil, .zero) }
    let start = ContinuousClock.now
    let left = try checksums(of: old.active, on: source, pass: 0)
    let arrived = try checksums(of: new.active, on: target, pass: 1)
    for index in left.indices {
      let known = weights.knownChecksums?[index]
      guard left[index] == arrived[index], known == nil || known == left[index] else {
        throw failure(segment: index, left: left[index], arrived: arrived[index], known: known)
      }
    }
    return (left, ContinuousClock.now - start)
  }

  private func checksums(of image: WeightImage, on context: DeviceContext, pass: Int) throws
    -> [UInt64]
  {
    try ImageChecksums(
      image: image, context: context, mover: weights.mover, watch: watch, pass: (pass, 2)
    ).compute()
  }

  private func failure(
    segment index: Int, left: UInt64, arrived: UInt64, known: UInt64?
  ) -> ResidencyError {
    let name = weights.layout.segments[index].name
    let explanation =
      if let known, known != left {
        "the bytes on \(source.device) are no longer those that were verified before; "
          + "load the model again"
      } else if known != nil {
        "the bytes that would be used on \(target.device) are not those of the model; move again"
      } else {
        "\(source.device) and \(target.device) hold different bytes; "
          + "move again, and if that fails too load the model again"
      }
    let sums = [left, arrived].map { String($0, radix: 16) }
    return ResidencyError(
      .verificationFailed,
      "segment \(index) (\(name)) failed verification, \(sums[0]) on \(source.device) and "
        + "\(sums[1]) on \(target.device): \(explanation). The model stays on \(source.device)")
  }
}
