import FerryDevices
import FerryTensors

extension Move {
  /// The bytes in use at both ends.
  struct Figures {
    let source: Int
    let target: Int

    init(_ source: DeviceContext, _ target: DeviceContext) {
      self.source = source.bytesHeld
      self.target = target.bytesHeld
    }
  }

  /// The raw rate of the slowest link that the copied bytes cross, in bytes a second; not known for
  /// direct copies between devices.
  func linkRate(of plan: MovePlan) -> Double? {
    guard options.measuringLink, let origin = plan.origin else { return nil }
    guard origin.device == .cpu || !target.backend.copiesDirectly(with: origin.device) else {
      return nil
    }
    let (rates, host) = (weights.mover.linkRates, weights.mover.host)
    var legs: [Double?] = []
    if origin.device != .cpu { legs.append(rates.rate(of: origin, host: host)?.download) }
    if target.device != .cpu { legs.append(rates.rate(of: target, host: host)?.upload) }
    let known = legs.compactMap { $0 }
    return known.count == legs.count ? known.min() : nil
  }

  func report(_ arrival: Arrival, before: Figures) -> MoveReport {
    let clock = arrival.clock
    let after = Figures(source, target)
    let bytes = arrival.weightBytes + arrival.stateBytes
    let copySeconds = clock.copying / .seconds(1)
    let fraction = arrival.rate.flatMap {
      bytes == 0 || copySeconds == 0 ? nil : Double(bytes) / copySeconds / $0
    }
    return MoveReport(
      from: source.device, to: target.device, bytes: bytes, seconds: clock.seconds,
      allocationSeconds: clock.allocating / .seconds(1),
      pinningSeconds: clock.pinning / .seconds(1), copySeconds: copySeconds,
      overlapSeconds: clock.overlapping / .seconds(1),
      linkFraction: fraction,
      source: MoveReport.Account(bytesBefore: before.source, bytesAfter: after.source),
      target: MoveReport.Account(bytesBefore: before.target, bytesAfter: after.target),
      checksum: arrival.checksums.map(ImageChecksums.combined),
      hostStorage: weights.hostStorage, hostPinnedBytes: weights.hostPinnedByteCount,
      hostCopyFailure: arrival.hostCopyFailure,
      hostPinningFailure: arrival.hostPinningFailure)
  }
}
