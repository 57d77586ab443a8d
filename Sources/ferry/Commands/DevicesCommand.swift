import ArgumentParser
import Ferry

/// `ferry devices`
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List the devices of this machine, and why others are absent."
  )

  @OptionGroup var output: OutputOptions

  func run() throws {
    let engine = CommandEngine.current
    let document = Document(
      devices: try engine.devices().map(Document.Present.init),
      absent: engine.absentBackends().map { .init(backend: $0.backend.rawValue, reason: $0.reason) }
    )
    try output.show(document) { document.text }
  }

  private struct Document: Encodable {
    struct Present: Encodable {
      let id, name: String
      let totalBytes: Int
      @Nullable var freeBytes: Int?

      init(_ device: DeviceSummary) {
        id = device.device.description
        name = device.name
        totalBytes = device.totalBytes
        freeBytes = device.freeBytes
      }
    }
    struct Absent: Encodable { let backend, reason: String }
    let devices: [Present]
    let absent: [Absent]

    var text: String {
      let present = devices.map { device in
        let free = device.freeBytes.map { "\($0.spelledAsBytes) free" } ?? "free memory unknown"
        return "\(device.id.padded(10)) \(device.name)\n"
          + "\("".padded(10)) \(device.totalBytes.spelledAsBytes), \(free)\n"
      }
      return present.joined()
        + absent.map { "\($0.backend.padded(10)) absent: \($0.reason)\n" }.joined()
    }
  }
}
