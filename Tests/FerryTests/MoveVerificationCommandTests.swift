import ArgumentParser
import Ferry
import FerryDeviceTesting
import Testing

@testable import ferry

/// `ferry move --verify`, on a device that damages a byte.
@Suite struct MoveVerificationCommandTests {
  @Test(.enabled(if: TestDevices.backends.count > 1, "no device but the host"))
  func oneFlippedByteOnTheDeviceExitsWith1() async throws {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let inner = try #require(TestDevices.backends.last)
    let backend = FaultInjectingBackend(inner)
    let engine = Engine(backends: [HostBackend(), backend])
    let arguments = [folder("model"), "--route", "cpu,\(inner.device)", "--verify", "--json"]
    // Any upload, for the link is measured before the weights go over it.
    for number in 1...64 { backend.flipByte(1000, ofUpload: number) }
    let error = await #expect(throws: (any Error).self) {
      try await CommandEngine.$current.withValue(engine) {
        let command = try MoveCommand.parse(arguments)
        try await command.run()
      }
    }
    let failure = Failure(try #require(error))
    #expect(failure.code == 1)
    #expect(failure.message.contains("segment"))
    #expect(backend.liveBytes == 0)
  }
}
