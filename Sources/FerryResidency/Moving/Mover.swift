package import FerryDevices

/// What all moves of a process share: the host, its pinned memory, the staging ring, and what is known of
/// the links.
package final class Mover: Sendable {
  /// The host's memory, where parked weights and staged bytes are accounted.
  package let host: DeviceContext
  /// How much host memory a move may take beside the images.
  package let staging: StagingLimits
  /// The host images that are registered with drivers. Staging does not count against their budget.
  package let pins: HostPins
  let linkRates = LinkRates()
  let stagingPool: StagingPool

  /// A mover whose host images and staging are allocated from `host`.
  package init(
    host: DeviceContext, staging: StagingLimits = StagingLimits(), pins: HostPins = HostPins()
  ) {
    precondition(host.device == .cpu, "the host is cpu")
    self.host = host
    self.staging = staging
    self.pins = pins
    self.stagingPool = StagingPool(host: host, limits: staging)
  }

  /// A way between two devices for what lies beside weights. On the host it gets registered memory where the budget
  /// grants that, else pageable memory as far as `grantsPageable`.
  func bridge(
    from source: DeviceContext, to target: DeviceContext,
    grantsPageable: @escaping @Sendable (_ byteCount: Int) -> Bool = { _ in true }
  ) -> DeviceBridge {
    DeviceBridge(
      from: source, to: target, by: stagingPool,
      room: HostRoom(pins: pins, grantsPageable: grantsPageable))
  }

  /// Gives the staging memory back that is kept between moves.
  package func trim() { stagingPool.trim() }
}
