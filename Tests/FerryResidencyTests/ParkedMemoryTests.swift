import FerryDeviceTesting
import FerryDevices
import FerryResidency
import FerryTensors
import Foundation
import Testing

@Suite("Parking")
struct ParkedMemoryTests {
  @Test(
    "lowers the anonymous memory of the process by the model's size",
    .enabled(if: TestDevices.openCLAbsence == nil, "an OpenCL device"))
  func anonymousMemory() async {
    // In a process of its own: other tests allocate at the same time.
    await #expect(processExitsWith: .success) {
      let file = try ZeroFile(count: 64, size: modelByteCount / 64, perSegment: 4)
      let host = try DeviceContext(TestDevices.backend(of: .cpu))
      let device = try DeviceContext(TestDevices.backend(of: .opencl(0)))
      let image = try WeightImage(mapping: file.layout)
      let weights = ResidentWeights(image, mover: Mover(host: host))
      for mode in MoveOptions.Mode.allCases {
        try await weights.move(to: device, options: .quiet())
        let resident = try anonymousBytes()
        try await weights.move(to: host, options: .quiet(mode: mode))
        try device.drain()
        device.trim()
        let freed = resident - (try anonymousBytes())
        #expect(freed >= modelByteCount - modelByteCount / 64, "\(freed) bytes")
      }
    }
  }
}

#if DEBUG
  private let modelByteCount = 128 << 20
#else
  private let modelByteCount = 512 << 20
#endif

/// The anonymous memory of this process that is in RAM, in bytes.
private func anonymousBytes() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
  let digits = line.filter(\.isNumber)
  return try #require(Int(digits)) * 1024
}
