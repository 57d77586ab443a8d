import FerryDevices
import FerryResidency
import FerryTensors

/// A synthetic model that is moved between the host and one device, and what the moves cost.
struct MovedImage {
  let open: OpenDevice
  let weights: ResidentWeights

  /// Makes the model in host memory.
  init(_ open: OpenDevice, _ mover: Mover, _ layout: WeightLayout) async throws {
    self.open = open
    let image = try await SyntheticImage.make(layout, on: open.host)
    weights = ResidentWeights(image, mover: mover)
  }

  var byteCount: Int { weights.layout.byteCount }

  /// To the device.
  func restore(keepingHostCopy: Bool = true, verify: Bool = false) async throws -> MoveReport {
    let options = MoveOptions(
      keepingHostCopy: keepingHostCopy, verify: verify, measuringLink: false)
    return try await weights.move(to: open.context, options: options)
  }

  /// Back to the host.
  func park(_ mode: MoveOptions.Mode = .release) async throws -> MoveReport {
    try await weights.move(
      to: open.host, options: MoveOptions(mode: mode, measuringLink: false))
  }

  /// The bytes in use on the device by its driver's count, of all processes; nil where it does not tell.
  func usedBytes() throws -> Int? {
    try open.context.drain()
    let memory = try open.backend.memory()
    return memory.free.map { memory.total - $0 }
  }
}
