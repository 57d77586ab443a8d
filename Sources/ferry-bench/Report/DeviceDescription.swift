import FerryDevices

/// What a result was measured on, as the device's driver describes it.
struct DeviceDescription: Codable {
  let device: String
  let name: String
  let memoryBytes: Int
  let architecture: String?
  let link: String?
  let driver: String?

  init(_ backend: any DeviceBackend) throws(DeviceError) {
    device = backend.device.description
    name = backend.name
    memoryBytes = try backend.memory().total
    architecture = backend.facts.architecture
    link = backend.facts.link?.description
    driver = backend.facts.driver
  }

  /// One line for people.
  var text: String {
    let facts = [architecture, link, driver.map { "driver \($0)" }].compactMap { $0 }
    let size = "\(memoryBytes / 1_000_000_000) GB"
    return ([("\(device): \(name)"), size] + facts).joined(separator: ", ")
  }
}
