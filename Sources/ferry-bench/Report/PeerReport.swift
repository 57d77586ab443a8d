import FoundationEssentials

/// What `Benchmarks/Peers/gpu.py` measured: figures under the names that Ferry's have.
struct PeerReport: Codable {
  /// One figure of somebody else.
  struct Entry: Codable {
    /// The name of Ferry's figure for the same work.
    let name: String
    /// Who did the work ("bitsandbytes 0.50.2").
    let peer: String
    /// The time of one run in seconds, or a rate: whichever Ferry's figure has too.
    let seconds: Double?
    let value: Double?
    let unit: String
    let note: String?
  }

  /// The device, as the peer names it.
  let device: String?
  let entries: [Entry]
  /// What could not be measured, and why.
  let missing: [String]

  init(device: String?, entries: [Entry], missing: [String]) {
    self.device = device
    self.entries = entries
    self.missing = missing
  }

  /// Reads what the script wrote.
  init(path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    self = try JSONDecoder().decode(PeerReport.self, from: data)
  }
}
