import ArgumentParser
import Ferry

/// `ferry convert`
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write an ncnn network as a safetensors file with PyTorch's names.")

  @Argument(
    help: ArgumentHelp("An ncnn .param file, with its .bin file beside it.", valueName: "SRC"),
    transform: ValueForm.path.parse)
  var path: String
  @Option(
    name: .short, help: ArgumentHelp("Where to write: a .safetensors file.", valueName: "DST"),
    transform: ValueForm.path.parse)
  var output: String
  @Flag(help: "Replace the destination if it exists.") var force = false
  @OptionGroup var document: OutputOptions

  func run() async throws {
    Ending.expectResult(at: output)
    let line = ProgressLine(title: "converting")
    let report = try await CommandEngine.current.convert(
      path, to: output, replacingDestination: force
    ) { line.show($0.done, of: $0.total) }
    try ConversionDocument.show(report, verb: "converted", with: document)
  }
}
