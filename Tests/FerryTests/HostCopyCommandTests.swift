import ArgumentParser
import Ferry
import FerryDeviceTesting
import Testing

@testable import ferry

/// Where commands put the host copy, on a device that gains from registered memory.
@Suite(.enabled(if: TestDevices.backends.count > 1, "no device but the host"))
struct HostCopyCommandTests {
  /// A chunk of the staging ring: what stays registered when the commands are done, if they used it.
  private static let chunk = 16 << 20

  @Test(arguments: [([], 0), (["--host-copy", "pinned"], 0), (["--host-copy", "as-is"], chunk)])
  func moveRegistersTheHostCopyOrUsesTheRing(_ options: [String], _ staged: Int) async throws {
    #expect(
      try await registeredBytes { path, device in
        try await MoveCommand.parse([path, "--route", "cpu,\(device)", "--json"] + options).run()
      } == staged)
  }

  @Test func logitsRegisterNoHostCopy() async throws {
    #expect(
      try await registeredBytes { path, device in
        try await LogitsCommand.parse([path, "--device", "\(device)", "--tokens", "1", "--json"])
          .run()
      } == Self.chunk)
  }

  @Test func theChoicesAreInTheHelp() {
    let help = MoveCommand.helpMessage(columns: 200)
    #expect(help.contains("--host-copy") && help.contains("pinned") && help.contains("as-is"))
  }

  /// What is registered after a command on a small model that registered something.
  private func registeredBytes(
    _ run: (_ path: String, _ device: Device) async throws -> Void
  ) async throws -> Int {
    let folder = try TestFolder()
    _ = try TinyModel.write(to: folder("model"))
    let inner = try #require(TestDevices.backends.last)
    let backend = FaultInjectingBackend(inner, pinning: TestPinning())
    let engine = Engine(backends: [HostBackend(), backend])
    return try await CommandEngine.$current.withValue(engine) {
      try await run(folder("model"), inner.device)
      #expect(backend.count(of: .registration) > 0)
      return backend.registeredBytes
    }
  }
}
