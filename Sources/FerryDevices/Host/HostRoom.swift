/// Room on the host for what sessions keep beside weights that leave a device.
package struct HostRoom: Sendable {
  private let pins: HostPins
  private let grantsPageable: @Sendable (_ byteCount: Int) -> Bool

  /// Room under the budget of `pins`; beside it, as much memory that is not registered as `grantsPageable` allows.
  package init(
    pins: HostPins, grantsPageable: @escaping @Sendable (_ byteCount: Int) -> Bool = { _ in true }
  ) {
    self.pins = pins
    self.grantsPageable = grantsPageable
  }

  /// Memory of these sizes, for copies from and to `context`: registered with its driver where the device gains from that
  /// and the budget grants all of it, else pageable, as is what the driver refuses.
  ///
  /// - Throws: ``DeviceError/Code/outOfMemory`` where neither is granted.
  func memory(
    byteCounts: [Int], of host: DeviceContext, for context: DeviceContext
  ) throws(DeviceError) -> [HostMemory] {
    var memory: [HostMemory] = []
    do throws(DeviceError) {
      if context.backend.pinning != nil { try pins.budget.check(byteCounts.reduce(0, +)) }
      for byteCount in byteCounts where context.backend.pinning != nil {
        let allocation = try host.allocate(byteCount: byteCount, near: context)
        memory.append(.pinned(try pins.pin(allocation, for: context)))
      }
    } catch {
      // What is registered by now stays so.
    }
    let rest = byteCounts[memory.count...]
    try checkPageable(rest.reduce(0, +))
    for byteCount in rest { memory.append(.pageable(try host.allocate(byteCount: byteCount))) }
    return memory
  }

  private func checkPageable(_ byteCount: Int) throws(DeviceError) {
    guard byteCount > 0, !grantsPageable(byteCount) else { return }
    throw DeviceError(
      .outOfMemory,
      "the host has no \(ByteCount(bytes: byteCount)) to spare for a session's cache; end other processes, close sessions, "
        + "or raise the budget of pinned memory")
  }
}
