import ArgumentParser
import Ferry

/// `ferry dequantize`
struct DequantizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dequantize", abstract: "Write a quantized model back in full precision.")

  @OptionGroup var source: SourceArgument
  @Option(
    name: .short,
    help: ArgumentHelp(
      "Where to write: a folder, or a file if SRC is a .safetensors file.", valueName: "DST"),
    transform: ValueForm.path.parse)
  var output: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The type of the written weights.", valueName: "TYPE"))
  var dtype: Precision
  @Flag(help: "Replace the destination if it exists.") var force = false
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var document: OutputOptions

  func run() async throws {
    Ending.expectResult(at: output)
    let line = ProgressLine(title: "dequantizing")
    let report = try await threads.engine.dequantize(
      source.path, to: output, as: dtype.elementType, replacingDestination: force
    ) { line.show($0.done, of: $0.total) }
    try ConversionDocument.show(report, verb: "dequantized", with: document)
  }
}
