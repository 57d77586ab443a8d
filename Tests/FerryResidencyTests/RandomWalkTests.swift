import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Testing

@Suite("A random walk of moves, steps, saves and copies")
struct RandomWalkTests {
  @Test(
    "never changes a byte, and devices end at their baseline", arguments: TestModel.Kind.allCases,
    MoveOptions.Mode.allCases)
  func simulated(kind: TestModel.Kind, mode: MoveOptions.Mode) async throws {
    let places = try TestPlaces()
    try await walk(kind, mode, host: places.host, places.devices, mover: places.mover, steps: 40)
    try places.expectNothingLeft()
  }

  @Test(
    "holds on the devices of this machine",
    .enabled(if: TestDevices.absence == nil, "a device besides the host"),
    arguments: TestModel.Kind.allCases,
    MoveOptions.Mode.allCases)
  func real(kind: TestModel.Kind, mode: MoveOptions.Mode) async throws {
    let contexts = try TestDevices.backends.map { try DeviceContext($0) }
    let mover = Mover(
      host: contexts[0], staging: StagingLimits(chunkByteCount: 10_000, chunkCount: 2))
    try await walk(
      kind, mode, host: contexts[0], Array(contexts.dropFirst()), mover: mover, steps: 25)
    mover.trim()
    for context in contexts { try TestDevices.checkLeaks(context) }
  }

  private func walk(
    _ kind: TestModel.Kind, _ mode: MoveOptions.Mode, host: DeviceContext,
    _ devices: [DeviceContext], mover: Mover, steps: Int
  ) async throws {
    var random = SplitMix(state: UInt64(kind.rawValue.utf8.count) &* 977)
    let model = try TestModel(kind, scrambled: mode == .retain)
    let image = kind == .int8 ? try model.pageable(host) : try model.mapped()
    var models = [ResidentWeights(image, mover: mover)]
    for _ in 0..<steps {
      let index = Int.random(in: 0..<models.count, using: &random)
      let weights = models[index]
      switch Int.random(in: 0..<6, using: &random) {
      case 0...2:
        let target = ([host] + devices).randomElement(using: &random) ?? host
        let options = MoveOptions.quiet(
          keepingHostCopy: Bool.random(using: &random), verify: Bool.random(using: &random),
          mode: mode)
        try await weights.move(to: target, options: options)
        #expect(weights.context === target)
      case 3: #expect(try await weights.checksums() == model.checksums)
      case 4: #expect(try await model.matches(weights))
      default:
        if models.count < 3 {
          models.append(try await weights.copy())
        } else {
          models.remove(at: index)
        }
      }
    }
    for weights in models { #expect(try await weights.checksums() == model.checksums) }
    for device in devices {
      try device.drain()
      // Behind addresses that stay, memory is whole pieces of the driver's.
      let step = device.backend.reservations?.granularity ?? 1
      let replica = (model.layout.imageByteCount + step - 1) / step * step
      #expect(device.bytesInUse == models.count { $0.context === device } * replica)
    }
    for weights in models { try await weights.move(to: host, options: .quiet(mode: mode)) }
    for device in devices {
      try device.drain()
      #expect(device.bytesInUse == 0)
      device.trim()
    }
  }
}
