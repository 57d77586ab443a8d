import FerryDevices
import Synchronization

/// The raw copy rates of the links to devices, measured at most once each.
final class LinkRates: Sendable {
  private struct Known: Sendable {
    weak var context: DeviceContext?
    let rate: LinkRate?
  }

  private let known = Mutex<[ObjectIdentifier: Known]>([:])

  /// The rates of the link between `host` and `context`, measured on the first call; nil where they
  /// cannot be measured, for want of memory say: a move does not fail for that.
  func rate(of context: DeviceContext, host: DeviceContext) -> LinkRate? {
    let key = ObjectIdentifier(context)
    if let known = known.withLock({ $0[key] }), known.context === context { return known.rate }
    let rate = try? LinkRate(measuring: context, from: host)
    try? context.drain()
    known.withLock { $0[key] = Known(context: context, rate: rate) }
    return rate
  }
}

/// Raw copy rates in bytes a second.
struct LinkRate: Hashable, Sendable {
  /// From the host to the device.
  let upload: Double
  /// From the device to the host.
  let download: Double

  private static let byteCount = 64 << 20
  private static let repetitions = 3

  init(upload: Double, download: Double) {
    self.upload = upload
    self.download = download
  }

  /// Copies 64 MiB a few times each way, in one piece, from registered memory where the device gains
  /// from that; the best time counts.
  init(measuring context: DeviceContext, from host: DeviceContext) throws {
    let byteCount = min(Self.byteCount, context.backend.limits.maximumAllocation)
    let device = try context.allocate(byteCount: byteCount)
    let memory = try host.allocate(byteCount: byteCount)
    let pin = context.backend.pinning.flatMap { try? PinnedHostMemory(memory, with: $0) }
    guard let bytes = memory.view.mutableHostBytes else { preconditionFailure("host memory") }
    do {
      upload = try Self.rate(byteCount) {
        try context.upload.upload(UnsafeRawBufferPointer(bytes), to: device.view)
        try context.upload.synchronize()
      }
      download = try Self.rate(byteCount) {
        try context.download.download(device.view, to: bytes)
        try context.download.synchronize()
      }
      withExtendedLifetime((device, memory, pin)) {}
    } catch {
      // A copy may be under way still, and its memory must be there until it is done.
      try? context.upload.synchronize()
      try? context.download.synchronize()
      withExtendedLifetime((device, memory, pin)) {}
      throw error
    }
  }

  private static func rate(_ byteCount: Int, _ copy: () throws -> Void) throws -> Double {
    let clock = ContinuousClock()
    var best = Duration.seconds(1 << 40)
    for _ in 0..<repetitions { best = min(best, try clock.measure(copy)) }
    return Double(byteCount) / max(best / .seconds(1), 1e-9)
  }
}
