import ArgumentParser
import Ferry

/// The checkpoint that a command reads.
struct PathArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A .safetensors, .gguf or ncnn .param file, or a Hugging Face folder.", valueName: "PATH"),
    transform: ValueForm.path.parse)
  var path: String
}

/// The checkpoint that a command converts.
struct SourceArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A .safetensors or .gguf file, or a Hugging Face folder.", valueName: "SRC"),
    transform: ValueForm.path.parse)
  var path: String
}

/// The device that computes.
struct DeviceOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The device that computes: \(Device.form) (default: cpu).", valueName: "D"),
    transform: ValueForm.device.parse)
  var device = Device.cpu
}

/// The size of the pages in which models are loaded and evicted.
struct PageSizeOption: ParsableArguments {
  @Option(
    name: .customLong("page-size"), parsing: .unconditional,
    help: ArgumentHelp(
      "Models come and go in pages of about this size: 16MB (default: a 64th of the memory).",
      valueName: "SIZE"),
    transform: ValueForm.byteCount.parse)
  var size: ByteCount?
}

/// The type of activations by name.
enum Compute: String, ExpressibleByArgument, CaseIterable {
  case auto, f32, f16, bf16

  /// The type; nil: what suits the model and the device.
  var elementType: ElementType? {
    switch self {
    case .auto: nil
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    }
  }
}
