import ArgumentParser
import FerryFormats

/// `ferry-bench kernels`: quantizing, dequantizing, linear layers and attention on a device.
struct KernelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Quantize, dequantize, linear layers and attention, of the device's copy bandwidth.")

  @OptionGroup var device: BenchDevice
  @Option(
    parsing: .upToNextOption,
    help:
      "The formats of linear layers: nf4, nested-nf4, fp4, int8, llm-int8, llm-int8-outliers, llm-int8-plain, bf16, f32."
  )
  var formats = LinearKind.onDevices
  @Option(parsing: .upToNextOption, help: "The rows of activations (M).") var rows: [Int] = []
  @OptionGroup var output: ReportOutput

  func run() async throws {
    let open = try device.open()
    let report = output.begin(try open.report("Kernels"))
    let bandwidth = try CopyBandwidth(open)
    try report.add([bandwidth.figure])
    let operations = try open.makeOperations()
    let coding = try CodingBench(open, bandwidth, operations)
    for coded in CodedFormat.all { try report.add(coding.figures(of: coded)) }
    let bench = LinearBench(open, bandwidth, operations, rows: rows)
    for layer in open.scale.layers {
      for kind in formats {
        try report.add(bench.figures(of: kind, outputs: layer[0], inputs: layer[1]))
      }
    }
    try report.add(LargeProducts(report.report.figures).figures())
    let attention = AttentionBench(open, bandwidth, operations)
    for cell in open.scale.attentions { try report.add(attention.figures(of: cell)) }
  }
}
