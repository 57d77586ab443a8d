import ArgumentParser

/// `ferry-bench decode`: tokens a second of a model of 8 billion parameters.
struct DecodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Tokens a second of a synthetic model in the shape of Llama 3 8B.")

  @OptionGroup var device: BenchDevice
  @Option(parsing: .upToNextOption, help: "The formats: nf4, nested-nf4, fp4, int8, bf16.")
  var formats: [LinearKind] = [.nf4, .nestedNF4, .int8]
  @Option(help: "Tokens of the prompt.") var prompt = 128
  @Option(help: "Tokens that are generated.") var tokens = 128
  @OptionGroup var output: ReportOutput

  func validate() throws {
    guard prompt >= 1, tokens >= 2 else {
      throw ValidationError("--prompt takes a number from 1 on, --tokens one from 2 on")
    }
  }

  func run() async throws {
    let open = try device.open()
    let report = output.begin(try open.report("Decoding"))
    let bandwidth = try CopyBandwidth(open)
    try report.add([bandwidth.figure])
    for kind in formats {
      let bench = DecodeBench(open, bandwidth, kind, promptCount: prompt, tokenCount: tokens)
      try report.add(await bench.attempt())
    }
  }
}
