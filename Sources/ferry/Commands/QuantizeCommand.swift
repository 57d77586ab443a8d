import ArgumentParser
import Ferry

/// `ferry quantize`
struct QuantizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Quantize a model into bitsandbytes' formats, ready for any Hugging Face tool.")

  /// The formats by name.
  enum Format: String, ExpressibleByArgument, CaseIterable { case nf4, fp4, int8 }

  @OptionGroup var source: PathArgument
  @Option(name: .short, help: "Where to write: a folder, or a file if SRC is a .safetensors file.")
  var output: String
  @Option(help: "The format of the quantized weights.") var format: Format
  @Option(help: "Elements that share one absmax: 32, 64, 128, … 4096 (default: 64).")
  var blockSize: Int?
  @Flag(help: "Quantize the absmax values too (nested statistics).") var doubleQuant = false
  @Option(help: "Names to keep plain: a glob on the full name. May be repeated.")
  var skip: [String] = []
  @Flag(help: "Quantize every float tensor of rank 2, whatever its name.") var all = false
  @Option(
    help: """
      The type of embeddings, norms and whatever else stays plain (default: their own, f32 where a \
      GGUF file has them in blocks).
      """)
  var dtype: Precision?
  @Option(help: "The device that does the arithmetic.") var device = Device.cpu
  @Flag(help: "Replace the destination if it exists.") var force = false
  @Option(help: "The largest weight file, for example 5GB.")
  var maxShardSize = ByteCount(bytes: 5_000_000_000)
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var document: OutputOptions

  func validate() throws {
    if let blockSize, !FourBitFormat.blockSizes.contains(blockSize) {
      let sizes = FourBitFormat.blockSizes.map(String.init).joined(separator: ", ")
      throw ValidationError("--block-size \(blockSize) is not one of \(sizes)")
    }
    if format == .int8, doubleQuant || blockSize != nil {
      throw ValidationError(
        "--double-quant and --block-size are for nf4 and fp4; int8 has one statistic a row")
    }
  }

  func run() async throws {
    let options = QuantizationOptions(
      format: weightFormat, skippedGlobs: skip, includesEverything: all,
      plainType: dtype?.elementType, device: device, replacesDestination: force,
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
