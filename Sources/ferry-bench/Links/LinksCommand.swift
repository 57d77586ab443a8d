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
    let report = output.begin(try open.report("Links"))
    try report.add(
      await .attempting("pinning, at its best", "GB/s", .atLeast, 10) {
        try await PinningBench(open).figures()
      })
    try report.add(
      await .attempting("raw upload, pinned", "GB/s") { try await LinkBench(open).figures() })
    try report.add(
      await .attempting("copy to the next device, direct", "GB/s") {
        try await PeerBench(open).figures()
      })
  }
}
