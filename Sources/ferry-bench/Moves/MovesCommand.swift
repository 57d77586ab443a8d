import ArgumentParser
import Ferry
import FerryDevices
import FerryResidency

/// `ferry-bench moves`: whole models to a device and back.
struct MovesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moves",
    abstract: "Upload, park, restore and download of model images, of the raw rates of the link.")

  @OptionGroup var device: BenchDevice
  @Option(
    parsing: .upToNextOption, help: "The sizes in GB; those that do not fit are left out, and said."
  )
  var sizes: [Double] = []
  @Option(parsing: .upToNextOption, help: "The formats: nf4, nested-nf4, int8, bf16.")
  var formats: [LinearKind] = [.nf4, .nestedNF4, .int8, .bf16]
  @Flag(inversion: .prefixedNo, help: "Measure the case of an INT8 model of 81 GB.")
  var large = true
  @Option(help: "A folder for the file of the disk's leg.") var scratch = ".build/bench"
  @OptionGroup var output: ReportOutput

  func run() async throws {
    let open = try device.open()
    let report = output.begin(try open.report("Moves"))
    let link = try await RawLink.measure(open)
    // Nobody else is to have the host's memory meanwhile: all of it may be registered.
    let memory = try open.host.backend.memory().total
    let mover = Mover(host: open.host, pins: HostPins(budget: PinnedBudget(.bytes(memory))))
    try report.add(link.figures)
    for gigabytes in sizes.isEmpty ? open.scale.imageSizes : sizes {
      for kind in formats {
        for layout in SyntheticLayout.allCases {
          let bench = ImageBench(open, link, mover, layout, kind, gigabytes: gigabytes)
          try report.add(await bench.attempt())
        }
      }
    }
    if large {
      try report.add(await LargeModelBench(open, link, mover, scratch: scratch).attempt())
    }
  }
}

extension BenchScale {
  /// The sizes of images in GB.
  fileprivate var imageSizes: [Double] { pick(full: [1, 8, 40], host: [1], small: [0.02]) }
}

extension RawLink {
  /// The rates that the moves of the same run are held against.
  var figures: [Figure] {
    [
      Figure("raw upload of the link, \(memory)", upload / 1e9, "GB/s", .atLeast),
      Figure("raw download of the link, \(memory)", download / 1e9, "GB/s", .atLeast),
    ]
  }
}
