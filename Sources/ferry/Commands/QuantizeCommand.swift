import ArgumentParser
import Ferry

/// `ferry quantize`
struct QuantizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Quantize a model into bitsandbytes' formats, ready for any Hugging Face tool.")

  /// The formats by name.
  enum Format: String, ExpressibleByArgument, CaseIterable { case nf4, fp4, int8 }

  @OptionGroup var source: SourceArgument
  @Option(
    name: .short,
    help: ArgumentHelp(
      "Where to write: a folder, or a file if SRC is a .safetensors file.", valueName: "DST"),
    transform: ValueForm.path.parse)
  var output: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The format of the quantized weights.", valueName: "FORMAT"))
  var format: Format
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Elements that share one absmax: 32, 64, 128, … 4096 (default: 64).", valueName: "N"),
    transform: ValueForm.blockSize.parse)
  var blockSize: Int?
  @Flag(help: "Quantize the absmax values too (nested statistics).") var doubleQuant = false
  @Option(
    help: ArgumentHelp(
      "Names to keep plain: a glob on the full name. May be repeated.", valueName: "GLOB"))
  var skip: [String] = []
  @Flag(
    help: """
      Quantize models of any family: the linear layers of a folder, every float matrix of a bare \
      .safetensors file.
      """)
  var all = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The type of embeddings, norms and whatever else stays plain (default: their own, f32 where a \
      GGUF file has them in blocks).
      """, valueName: "TYPE"))
  var dtype: Precision?
  @OptionGroup var device: DeviceOption
  @Flag(help: "Replace the destination if it exists.") var force = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest weight file: 800MB, 1GiB (default: 5GB).", valueName: "S"),
    transform: ValueForm.byteCount.parse)
  var maxShardSize = ByteCount(bytes: 5_000_000_000)
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var document: OutputOptions

  func validate() throws {
    if format == .int8, doubleQuant || blockSize != nil {
      throw ValidationError(
        "--double-quant and --block-size are for nf4 and fp4; int8 has one statistic a row")
    }
  }

  func run() async throws {
    Ending.expectResult(at: output)
    let options = QuantizationOptions(
      format: weightFormat, skippedGlobs: skip, includesEverything: all,
      plainType: dtype?.elementType, device: device.device, replacesDestination: force,
      maximumShardBytes: maxShardSize.bytes)
    let line = ProgressLine(title: "quantizing")
    let report = try await threads.engine.quantize(source.path, to: output, options: options) {
      line.show($0.done, of: $0.total)
    }
    try ConversionDocument.show(report, verb: "quantized", with: document)
  }

  private var weightFormat: WeightFormat {
    let size = blockSize ?? 64
    return switch format {
    case .nf4: .fourBit(FourBitFormat(.nf4, blockSize: size, isNested: doubleQuant))
    case .fp4: .fourBit(FourBitFormat(.fp4, blockSize: size, isNested: doubleQuant))
    case .int8: .int8Rows
    }
  }
}
