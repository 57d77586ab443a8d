import ArgumentParser
import Ferry
import FerryDeviceTesting
import Glibc
import Synchronization
import Testing

@testable import ferry

/// Generating on a device to which the model is moving meanwhile.
@Suite(
  .enabled(if: TestDevices.absence == nil, "a device besides the host"), .timeLimit(.minutes(10)))
struct GenerateCommandTests {
  private static let options = GenerationOptions(maximumTokens: 3, usesChatTemplate: false)

  private let folder: TestFolder
  /// A device that holds a layer in one piece of memory and no more.
  private let backend: FaultInjectingBackend
  private let engine: Engine
  private var device: Device { backend.device }

  init() throws {
    folder = try TestFolder()
    _ = try TinyModel.write(to: folder("writer"))
    backend = FaultInjectingBackend(try TestDevices.accelerator(), maximumAllocation: 40_000)
    engine = Engine(backends: [HostBackend(), backend])
  }

  /// Has the last of three pieces of weights wait for a kernel, for a while; the answer tells whether one came.
  private func holdLastPiece() -> @Sendable () -> Bool? {
    let pieces = Atomic<Int>(0)
    let isComputing = Mutex<Bool?>(nil)
    backend.watchUploads { [backend] byteCount in
      guard byteCount >= 4096, pieces.add(1, ordering: .relaxed).newValue == 3 else { return }
      for _ in 0..<20_000 where backend.count(of: .launch) == 0 { usleep(1000) }
      isComputing.withLock { $0 = backend.count(of: .launch) > 0 }
    }
    return { isComputing.withLock { $0 } }
  }

  @Test("the first token is computed while the rest of the model comes")
  func overlaps() async throws {
    let expected = try await engine.load(folder("writer")).generate("ferry", options: Self.options)
    let isComputing = holdLastPiece()
    let model = try await engine.load(folder("writer"))
    let generation = try await model.generate(
      "ferry", movingTo: device, moveOptions: MoveOptions(measuringLink: false),
      options: Self.options)
    #expect(isComputing() == true)
    #expect(generation.tokens == expected.tokens && model.device == device)
  }

  @Test("so it is by the command")
  func commandOverlaps() async throws {
    let isComputing = holdLastPiece()
    try await CommandEngine.$current.withValue(engine) {
      try await GenerateCommand.parse([
        folder("writer"), "ferry", "--raw", "--max-tokens", "3", "--device", "\(device)", "--json",
      ]).run()
    }
    #expect(isComputing() == true)
  }

  @Test("where the move fails nothing is told but why, and the model stays")
  func failedMove() async throws {
    let model = try await engine.load(folder("writer"))
    // The first token is computed by then.
    backend.fail(.checksum, repeatedly: true)
    let told = Mutex("")
    let error = await #expect(throws: DeviceError.self) {
      try await model.generate(
        "ferry", movingTo: device, moveOptions: MoveOptions(verify: true), options: Self.options
      ) { text in told.withLock { $0 += text } }
    }
    #expect(error?.code == .launchFailed && told.withLock { $0 } == "" && model.device == .cpu)
    let context = try engine.context(for: device)
    try context.drain()
    #expect(context.bytesInUse == 0)
  }

  @Test("a prompt that cannot be continued ends the move")
  func refusedPrompt() async throws {
    let model = try await engine.load(folder("writer"))
    let long = String(repeating: "a", count: 100)
    let error = await #expect(throws: (any Error).self) {
      try await model.generate(long, movingTo: device, options: Self.options)
    }
    #expect("\(error, default: "")".contains("positions"))
  }

  @Test("a device that is not there is told")
  func absentDevice() async throws {
    let model = try await engine.load(folder("writer"))
    await #expect(throws: DeviceError.self) {
      try await model.generate("ferry", movingTo: .cuda(77), options: Self.options)
    }
    #expect(model.device == .cpu)
  }
}
