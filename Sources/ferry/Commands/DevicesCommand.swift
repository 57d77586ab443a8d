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
      @Nullable var architecture: String?
      @Nullable var link: String?
      @Nullable var driver: String?

      init(_ device: DeviceSummary) {
        id = device.device.description
        name = device.name
        totalBytes = device.totalBytes
        freeBytes = device.freeBytes
        architecture = device.facts.architecture
        link = device.facts.link?.description
        driver = device.facts.driver
      }

      var text: String {
        let free = freeBytes.map { "\($0.spelledAsBytes) free" } ?? "free memory unknown"
        let facts = [architecture, link, driver.map { "driver \($0)" }].compactMap { $0 }
        let lines = ["\(totalBytes.spelledAsBytes), \(free)", facts.joined(separator: ", ")]
        return "\(id.padded(10)) \(name)\n"
          + lines.filter { !$0.isEmpty }.map { "\("".padded(10)) \($0)\n" }.joined()
      }
    }
    struct Absent: Encodable { let backend, reason: String }
    let devices: [Present]
    let absent: [Absent]

    var text: String {
      devices.map(\.text).joined()
        + absent.map { "\($0.backend.padded(10)) absent: \($0.reason)\n" }.joined()
    }
  }
}
