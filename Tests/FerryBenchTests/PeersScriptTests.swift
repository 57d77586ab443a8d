import Foundation
import Testing

@testable import ferry_bench

/// The peers' script says what it could not measure, and what it writes can be read.
@Suite struct PeersScriptTests {
  private static let hasPython =
    (try? ChildProcess.run("/usr/bin/env", ["python3", "-c", ""])) != nil

  /// Where ncnn is missing, and where it is there and the networks are missing.
  @Test(.enabled(if: hasPython, "no python3"))
  func whatIsMissingIsSaid() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("peers.json").path
    _ = try ChildProcess.run(
      "/usr/bin/env",
      [
        "python3", "-B", Repository.path("Benchmarks/Peers/host.py"), "--scale", "small",
        "--sections", "upscale", "--weights", folder.path, "--json", file,
      ])
    let report = try PeerReport(path: file)
    #expect(report.device == "cpu")
    #expect(report.entries.isEmpty)
    #expect(report.missing.contains { $0.hasPrefix("upscale") })
  }
}
