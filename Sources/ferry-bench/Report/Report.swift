import FoundationEssentials

/// What one benchmark measured, and on what.
struct Report: Codable {
  let title: String
  /// The device, as its driver describes it; nil for benchmarks of the whole machine.
  let device: DeviceDescription?
  let machine: Machine
  /// Whether the times of a debug build are among the figures: they mean nothing.
  let isDebugBuild: Bool
  /// Whether the sizes were those of a trial, too small for the limits to mean anything.
  let isTrial: Bool
  var figures: [Figure]

  init(title: String, device: DeviceDescription?, isTrial: Bool = false, figures: [Figure]) {
    self.title = title
    self.device = device
    self.isTrial = isTrial
    self.machine = .current
    self.figures = figures
    #if DEBUG
      isDebugBuild = true
    #else
      isDebugBuild = false
    #endif
  }

  /// For people, in Markdown.
  var text: String { head + figures.map(\.row).joined() }

  /// What comes before the figures, the head of their table included.
  var head: String {
    let device = device.map { "\($0.text)\n" } ?? ""
    let lines = warnings.map { "\($0)\n\n" }.joined()
    return "# \(title)\n\n\(machine.description)\n\(device)\n\(lines)\(Figure.tableHead)"
  }

  /// Why the figures are to be taken with care.
  var warnings: [String] {
    (isDebugBuild ? ["This is a debug build: times mean nothing."] : [])
      + (isTrial ? ["This is a trial with small sizes: limits mean nothing."] : [])
  }

  /// Writes the report as JSON.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path))
  }

  /// Reads what ``write(to:)`` wrote.
  init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    self = try JSONDecoder().decode(Report.self, from: data)
  }
}
