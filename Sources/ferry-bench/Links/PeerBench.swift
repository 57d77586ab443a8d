import FerryDevices

/// Copies between two devices of one driver: directly where they can, and through the host.
struct PeerBench {
  let open: OpenDevice

  init(_ open: OpenDevice) { self.open = open }

  func figures() async throws -> [Figure] {
    guard let peer = try open.peer() else {
      let reason = "there is one \(open.context.device.backend.rawValue) device only"
      return ["direct", "through the host"].map {
        Figure("copy to the next device, \($0)", unmeasured: reason, "GB/s", .atLeast)
      }
    }
    let maximum = min(
      open.backend.limits.maximumAllocation, peer.backend.limits.maximumAllocation)
    let byteCount = min(open.scale.copyByteCount, maximum)
    let source = try open.context.allocate(byteCount: byteCount).view
    let target = try peer.allocate(byteCount: byteCount).view
    return [try direct(source, target, peer), try await throughHost(source, target, peer)]
  }

  private func direct(
    _ source: BufferView, _ target: BufferView, _ peer: DeviceContext
  ) throws -> Figure {
    let name = "copy to the next device, direct"
    guard open.backend.copiesDirectly(with: peer.device) else {
      return Figure(
        name, unmeasured: "\(open.context.device) does not reach \(peer.device) by itself", "GB/s",
        .atLeast)
    }
    let seconds = try Stopwatch.best(of: 5) {
      try open.context.compute.copy(source, to: target)
      try open.context.compute.synchronize()
    }
    return rate(name, source, seconds)
  }

  private func throughHost(
    _ source: BufferView, _ target: BufferView, _ peer: DeviceContext
  ) async throws -> Figure {
    let relay = try await HostRelay(from: open.context, to: peer)
    let seconds = try Stopwatch.best(of: 5) { try relay.copy(source, to: target) }
    return rate("copy to the next device, through the host", source, seconds)
  }

  private func rate(_ name: String, _ view: BufferView, _ seconds: Double) -> Figure {
    Figure(name, Double(view.byteCount) / seconds / 1e9, "GB/s", .atLeast, seconds: seconds)
  }
}
