import ArgumentParser
import Ferry

/// `ferry upscale`
struct UpscaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upscale", abstract: "Enlarge a PNG image with a Real-ESRGAN network.")

  /// The activation types by name.
  enum Compute: String, ExpressibleByArgument, CaseIterable { case f32, f16, bf16 }

  @Argument(
    help: ArgumentHelp(
      "The network: a .safetensors file or folder, or an ncnn .param file.", valueName: "PATH"),
    transform: ValueForm.path.parse)
  var path: String
  @Argument(
    help: ArgumentHelp("The image: a PNG file.", valueName: "IMAGE"),
    transform: ValueForm.path.parse)
  var input: String
  @Option(
    name: .short,
    help: ArgumentHelp(
      "Where to write the larger image: a name that ends in .png.", valueName: "DST"),
    transform: ValueForm.path.parse)
  var output: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many times as large it becomes (default: as the network makes it).", valueName: "N"),
    transform: ValueForm.wholeNumber(1...Int.max).parse)
  var scale: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most pixels of a tile's side, from 32 on; 0, the default, takes what memory allows.",
      valueName: "N"),
    transform: ValueForm.tileSide.parse)
  var tile = 0
  @OptionGroup var device: DeviceOption
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The type of the activations.", valueName: "TYPE"))
  var compute = Compute.f32
  @Flag(help: "Replace the destination if it exists.") var force = false
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var document: OutputOptions

  func run() async throws {
    Ending.expectResult(at: output)
    let clock = ContinuousClock()
    let start = clock.now
    let image = try Image(pngAt: input)
    let destination = try PNGDestination(output, replacing: force, inputs: [input, path])
    let model = try await threads.engine.loadUpscaler(path, on: device.device)
    let loaded = clock.now
    let options = UpscalingOptions(
      scale: scale, tileSide: tile == 0 ? nil : tile, activations: elementType)
    let line = ProgressLine(title: "upscaling")
    let result = try await model.upscale(image, options: options) { done, total in
      line.show(done, of: total, unit: "tiles")
    }
    let done = clock.now
    try destination.write(result.image)
    let report = Document(
      input: .init(w: image.width, h: image.height),
      output: .init(w: result.image.width, h: result.image.height), tiles: result.tileCount,
      seconds: .init(load: (loaded - start) / .seconds(1), upscale: (done - loaded) / .seconds(1)))
    try document.show(report) { report.text(output) }
  }

  private var elementType: ElementType {
    switch compute {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    }
  }

  private struct Document: Encodable {
    struct Size: Encodable { let w, h: Int }
    struct Seconds: Encodable { let load, upscale: Double }
    let input, output: Size
    let tiles: Int
    let seconds: Seconds

    func text(_ path: String) -> String {
      "\(path): \(input.w) × \(input.h) → \(output.w) × \(output.h) pixels "
        + "in \(seconds.upscale.spelledAsSeconds), \(tiles.counted("tile"))\n"
    }
  }
}
