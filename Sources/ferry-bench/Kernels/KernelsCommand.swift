import ArgumentParser
import FerryFormats

/// `ferry-bench kernels`: quantizing, dequantizing and linear layers on a device.
struct KernelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Quantize, dequantize and linear layers, of the device's copy bandwidth.")

  @OptionGroup var device: BenchDevice
  @Option(
    parsing: .upToNextOption,
    help: "The formats of linear layers: nf4, nested-nf4, fp4, int8, llm-int8, bf16.")
  var formats = LinearKind.allCases
  @Option(parsing: .upToNextOption, help: "The rows of activations (M).") var rows: [Int] = []
  @OptionGroup var output: ReportOutput

  func run() async throws {
    let open = try device.open()
    let bandwidth = try CopyBandwidth(open)
    var figures = [bandwidth.figure]
    figures += try CodingBench(open, bandwidth).figures()
    let bench = try LinearBench(open, bandwidth, kinds: formats, rows: rows)
    figures += try bench.figures()
    try output.show(open.report("Kernels", figures + LargeProducts(figures).figures()))
  }
}
