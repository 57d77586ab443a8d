import ArgumentParser
import FerryDevices

/// `ferry-bench arrival`: computing with a model that is still coming.
struct ArrivalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arrival",
    abstract: "The first result after a cold upload, of the longer of upload and computation.")

  @OptionGroup var device: BenchDevice
  @Option(parsing: .upToNextOption, help: "Tokens of the prompts.") var prompts: [Int] = []
  @Option(
    parsing: .upToNextOption,
    help: "Uploads that take so many times as long as the computation, over a link that is played.")
  var uploads: [Double] = []
  @OptionGroup var output: ReportOutput

  func validate() throws {
    guard prompts.allSatisfy({ $0 > 0 }), uploads.allSatisfy({ $0 > 0 && $0 < 1000 }) else {
      throw ValidationError("--prompts and --uploads take numbers above 0")
    }
  }

  func run() async throws {
    let open = try device.open()
    let report = output.begin(try open.report("First result"))
    // Where the device is the host's memory, its link is no link.
    let isPlayed = !uploads.isEmpty || open.backend.pinning == nil
    let times: [Double?] = isPlayed ? (uploads.isEmpty ? [0.25, 0.5, 1, 2, 4] : uploads) : [nil]
    let link = isPlayed ? try PlayedLink(to: open.backend) : nil
    for count in prompts.isEmpty ? open.scale.promptCounts : prompts {
      let bench = ArrivalBench(
        open: open, link: link, shape: ArrivalShape(open.scale), promptCount: count)
      try report.add(await bench.attempt(uploads: times))
    }
  }
}

extension BenchScale {
  /// The tokens of prompts.
  fileprivate var promptCounts: [Int] {
    pick(full: [1, 512, 2048, 4096], host: [16, 128], small: [8])
  }
}
