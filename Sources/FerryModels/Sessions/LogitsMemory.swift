import FerryDevices
import FerryTensors

/// The host memory that a session's logits arrive in on one device.
///
/// It is registered with the device's driver where copies gain from that: a copy to other memory would be
/// made by the driver itself, piece by piece, while the caller waits. It is as large as the logits and
/// lives as long as the session stays on the device.
struct LogitsMemory: Sendable {
  private let host: DeviceContext?
  private var memory: PinnedHostMemory?
  /// Whether the system or the driver refused to register it.
  private var isRefused = false

  /// None yet; it will be of `host`, if the session has one.
  init(of host: DeviceContext?) { self.host = host }

  /// Gives it back.
  mutating func release() { memory = nil }

  /// Waits for what is queued on `context`, and for the logits, f32 there.
  mutating func download(_ logits: Tensor, from context: DeviceContext) throws -> [Float] {
    guard let bytes = registered(byteCount: logits.view.byteCount, for: context) else {
      return try downloaded(logits, from: context)
    }
    try context.compute.download(logits.view, to: bytes)
    try context.compute.synchronize()
    return Array(bytes.bindMemory(to: Float.self))
  }

  private func downloaded(_ logits: Tensor, from context: DeviceContext) throws -> [Float] {
    try Array(unsafeUninitializedCapacity: logits.count) { values, count in
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(values)[..<logits.view.byteCount])
      try context.compute.download(logits.view, to: bytes)
      try context.compute.synchronize()
      count = logits.count
    }
  }

  /// The memory, made at the first call; nil where there is to be none.
  private mutating func registered(
    byteCount: Int, for context: DeviceContext
  ) -> UnsafeMutableRawBufferPointer? {
    if memory == nil, !isRefused, let host, let pinning = context.backend.pinning {
      memory = try? PinnedHostMemory(
        host.allocate(byteCount: byteCount, near: context), with: pinning)
      isRefused = memory == nil
    }
    return memory?.view[0, count: byteCount].mutableHostBytes
  }
}
