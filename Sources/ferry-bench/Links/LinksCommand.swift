import ArgumentParser

/// `ferry-bench links`: what the link to a device can do.
struct LinksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "links",
    abstract: "Raw copies between host and device, pinned and pageable, and the rate of pinning.")

  @OptionGroup var device: BenchDevice
  @OptionGroup var output: ReportOutput

  func run() async throws {
    let open = try device.open()
    var figures = try await PinningBench(open).figures()
    figures += try await LinkBench(open).figures()
    figures += try PeerBench(open).figures()
    try output.show(open.report("Links", figures))
  }
}
