import FerryDeviceTesting
import FerryDevices
import Foundation
import Testing

/// Memory that was released is the system's again, not a cache's.
@Suite struct DeviceMemoryReturnTests {
  #if DEBUG
    private static let slab = 64 << 20
  #else
    private static let slab = 256 << 20
  #endif

  /// Two slabs on every device whose memory is this process's: the host, and PoCL. In a process of its own,
  /// for other tests allocate meanwhile.
  @Test func releasedSlabsLowerTheProcessesMemory() async {
    await #expect(processExitsWith: .success) {
      for device in TestDevices.available where Self.isInThisProcess(device) {
        try Self.check(device)
      }
    }
  }

  private static func check(_ device: Device) throws {
    try TestDevices.withContext(on: device) { context in
      let before = try anonymousBytes()
      var slabs = try (0..<2).map { _ in try context.allocate(byteCount: slab) }
      for slab in slabs {
        try context.upload.fill(slab.view, with: 7)
        _ = try context.compute.checksum([slab.view])
        try context.compute.copy(slab.view[0, count: 4096], to: slab.view[8192, count: 4096])
      }
      try context.drain()
      let held = try anonymousBytes()
      try #require(held - before > 2 * slab * 9 / 10, "\(device): \(held - before) bytes")
      slabs = []
      try context.drain()
      let returned = try returnedBytes(since: held)
      try #require(returned > 2 * slab * 9 / 10, "\(device): \(returned) bytes came back")
    }
  }

  /// What came back within a second: PoCL lets go of a finished command's memory only after it has said that the
  /// command is finished.
  private static func returnedBytes(since held: Int) throws -> Int {
    for _ in 0..<100 where held - (try anonymousBytes()) <= 2 * slab * 9 / 10 { usleep(10_000) }
    return held - (try anonymousBytes())
  }

  private static func isInThisProcess(_ device: Device) -> Bool {
    let name = (try? TestDevices.backend(of: device))?.name ?? ""
    return device == .cpu || name.hasPrefix("pthread") || name.hasPrefix("cpu")
  }

  /// `RssAnon` of this process, in bytes.
  private static func anonymousBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    let number = try #require(line.split { $0 == " " || $0 == "\t" }.dropFirst().first)
    return try #require(Int(number)) * 1024
  }
}
