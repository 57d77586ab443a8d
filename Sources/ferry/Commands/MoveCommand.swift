import ArgumentParser
import Ferry

/// `ferry move`
struct MoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Move a model along a route of devices, and prove and price it.",
    discussion: """
      The first device of the route is where the model is loaded. 'reload' in the report is what it \
      cost to load it: opening the checkpoint and reading every byte once.
      """)

  @OptionGroup var source: PathArgument
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The devices, in order: cpu,opencl:0,cpu (each is \(Device.form)).", valueName: "D,D,…"),
    transform: ValueForm.route.parse)
  var route: [Device]
  @Flag(help: "Compare every segment's checksum, computed where its bytes lie, after every hop.")
  var verify = false
  @Flag(help: "Give up the host copy after each upload, so that the way back is a real download.")
  var dropHostCopy = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How the host copy is held: pinned (in memory registered with the device's driver, made once) or \
      as-is (files stay mapped).
      """, valueName: "HOW"))
  var hostCopy = MoveOptions.HostCopy.pinned
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What happens to device memory that is left: release or retain.", valueName: "MODE"))
  var mode = MoveOptions.Mode.release
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What moves: direct (the stored bytes), requantize or lazy (full precision).",
      valueName: "WHAT"))
  var strategy = TransferStrategy.direct
  @Option(
    name: .customLong("repeat"), parsing: .unconditional,
    help: ArgumentHelp(
      "How many times to go along the route, from 1 to 1000000 (default: 1).", valueName: "N"),
    transform: ValueForm.wholeNumber(1...1_000_000).parse)
  var repetitions = 1
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let options = MoveOptions(
      keepingHostCopy: !dropHostCopy, hostCopy: hostCopy, verify: verify, mode: mode)
    let (weights, reload) = try await CommandEngine.current.loadAndRead(
      source.path, on: route[0], options: options)
    var hops: [Document.Hop] = []
    for device in stops {
      let line = ProgressLine(title: "\(weights.device) → \(device)")
      let report = try await weights.move(to: device, strategy: strategy, options: options) {
        line.show($0.completedBytes, of: $0.totalBytes)
      }
      hops.append(Document.Hop(report, checksum: try await weights.checksum()))
    }
    let document = Document(
      hops: hops, identical: verify && !hops.isEmpty ? true : nil,
      reload: .init(seconds: reload.seconds, bytes: reload.byteCount))
    try output.show(document) { document.text(path: source.path, start: route[0]) }
  }

  /// The devices to go to, one after the other; a repetition starts again at the first of the route.
  private var stops: [Device] {
    let once = Array(route.dropFirst())
    let again = route.first == route.last ? once : route
    guard !once.isEmpty else { return [] }
    return once + (1..<repetitions).flatMap { _ in again }
  }

  private struct Document: Encodable {
    struct Ends: Encodable { let bytesBefore, bytesAfter: Int }
    struct Hop: Encodable {
      let from, to: String
      let bytes: Int
      let seconds: Double
      let gbPerSecond: Double
      @Nullable var linkPercent: Double?
      let source, target: Ends
      let checksum: String

      init(_ report: MoveReport, checksum: UInt64) {
        from = report.from.description
        to = report.to.description
        bytes = report.bytes
        seconds = report.seconds
        gbPerSecond = report.seconds > 0 ? Double(report.bytes) / report.seconds / 1e9 : 0
        linkPercent = report.linkFraction.map { $0 * 100 }
        source = Ends(
          bytesBefore: report.source.bytesBefore, bytesAfter: report.source.bytesAfter)
        target = Ends(
          bytesBefore: report.target.bytesBefore, bytesAfter: report.target.bytesAfter)
        self.checksum = checksum.spelledAsHex
      }
    }
    struct Reload: Encodable {
      let seconds: Double
      let bytes: Int
    }
    let hops: [Hop]
    @Nullable var identical: Bool?
    let reload: Reload

    func text(path: String, start: Device) -> String {
      let load =
        "\(path): \(reload.bytes.spelledAsBytes) loaded on \(start) in \(reload.seconds.spelledAsSeconds)\n"
      let verdict =
        identical == true ? "identical after every hop, checked where the bytes lay\n" : ""
      return load + hops.map(row).joined() + verdict
    }

    private func row(_ hop: Hop) -> String {
      let way = "\(hop.from) → \(hop.to)".padded(22)
      let rate = hop.bytes > 0 ? "\(hop.gbPerSecond.spelled(digits: 2)) GB/s" : "no copy needed"
      let link = hop.linkPercent.map { ", \($0.spelled(digits: 0)) % of the link" } ?? ""
      let device =
        "\(hop.to) holds \(hop.target.bytesAfter.spelledAsBytes), "
        + "\(hop.from) \(hop.source.bytesAfter.spelledAsBytes)"
      return "\(way)\(hop.bytes.spelledAsBytes.paddedLeft(9)) in \(hop.seconds.spelledAsSeconds), "
        + "\(rate)\(link); \(device); checksum \(hop.checksum)\n"
    }
  }
}

extension UInt64 {
  /// Sixteen hexadecimal digits.
  fileprivate var spelledAsHex: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension MoveOptions.HostCopy: ExpressibleByArgument {}
extension MoveOptions.Mode: ExpressibleByArgument {}
extension TransferStrategy: ExpressibleByArgument {}
