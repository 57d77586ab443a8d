import FerryDevices
import FerryTensors

extension Move {
  /// Compares what arrived with what is still at the source, and both with what is known of the
  /// weights; so too a host image that was made on the way. Returns the checksums; nothing where
  /// it was not asked for.
  func verified(_ old: Placement, _ new: Placement, filled: WeightImage?, clock: inout MoveClock)
    throws -> [UInt64]?
  {
    guard options.verify else { return nil }
    let start = ContinuousClock.now
    defer { clock.verifying += ContinuousClock.now - start }
    let count = filled == nil ? 2 : 3
    let left = try checksums(of: old.active, on: source, pass: (0, count))
    try compare(
      left, with: try checksums(of: new.active, on: target, pass: (1, count)), on: target.device)
    if let filled {
      let host = weights.mover.host
      try compare(
        left, with: try checksums(of: filled, on: host, pass: (2, count)), on: host.device)
    }
    return left
  }

  private func compare(_ left: [UInt64], with arrived: [UInt64], on device: Device) throws {
    for index in left.indices {
      let known = weights.knownChecksums?[index]
      guard left[index] == arrived[index], known == nil || known == left[index] else {
        throw failure(
          segment: index, left: left[index], arrived: arrived[index], on: device, known: known)
      }
    }
  }

  private func checksums(
    of image: WeightImage, on context: DeviceContext, pass: (number: Int, count: Int)
  ) throws -> [UInt64] {
    try ImageChecksums(
      image: image, context: context, mover: weights.mover, watch: watch, pass: pass
    ).compute()
  }

  private func failure(
    segment index: Int, left: UInt64, arrived: UInt64, on device: Device, known: UInt64?
  ) -> ResidencyError {
    let name = weights.layout.segments[index].name
    let explanation =
      if let known, known != left {
        "the bytes on \(source.device) are no longer those that were verified before; "
          + "load the model again"
      } else if known != nil {
        "the bytes that would be used on \(device) are not those of the model; move again"
      } else {
        "\(source.device) and \(device) hold different bytes; "
          + "move again, and if that fails too load the model again"
      }
    let sums = [left, arrived].map { String($0, radix: 16) }
    return ResidencyError(
      .verificationFailed,
      "segment \(index) (\(name)) failed verification, \(sums[0]) on \(source.device) and "
        + "\(sums[1]) on \(device): \(explanation). The model stays on \(source.device)")
  }
}
