import FoundationEssentials

/// The most of everything that is counted, as a committed file says it: counts do not depend on the machine.
struct CountLimits: Codable {
  /// By figure, of an optimized build.
  var release: [String: Double] = [:]
  /// By figure, of a debug build, which allocates more.
  var debug: [String: Double] = [:]

  /// The file in the working directory.
  static let path = "Benchmarks/Limits/counts.json"

  init() {}

  /// Reads a file.
  init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    self = try JSONDecoder().decode(CountLimits.self, from: data)
  }

  /// Writes a file.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The most that a build like this one may count; nil: the file does not say.
  subscript(_ name: String) -> Double? {
    get { Self.isDebugBuild ? debug[name] : release[name] }
    set { if Self.isDebugBuild { debug[name] = newValue } else { release[name] = newValue } }
  }

  private static var isDebugBuild: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }
}
