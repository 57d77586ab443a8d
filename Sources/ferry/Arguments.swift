import ArgumentParser
import Ferry

extension Device: ExpressibleByArgument {
  /// Parses `cpu`, `cuda`, `cuda:N`, `opencl`, `opencl:N`.
  public init?(argument: String) { self.init(argument) }
}

/// A list of devices: "cpu,opencl:0,cpu".
struct Route: ExpressibleByArgument {
  let devices: [Device]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let devices = parts.compactMap { Device(String($0)) }
    guard !parts.isEmpty, devices.count == parts.count else { return nil }
    self.devices = devices
  }
}

/// A list of token ids: "1,5,9".
struct TokenList: ExpressibleByArgument {
  let ids: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let ids = parts.compactMap { Int($0) }
    guard !parts.isEmpty, ids.count == parts.count, ids.allSatisfy({ $0 >= 0 }) else { return nil }
    self.ids = ids
  }
}

extension ByteCount: ExpressibleByArgument {
  /// Parses "5GB", "200MB", "1GiB", "4096".
  public init?(argument: String) { self.init(argument) }

  /// As people write it.
  public var defaultValueDescription: String { bytes.spelledAsBytes }
}

/// A rate in bytes a second: "25GB/s".
struct ByteRate: ExpressibleByArgument {
  let bytesPerSecond: Double

  init?(argument: String) {
    guard argument.hasSuffix("/s"), let count = ByteCount(String(argument.dropLast(2))) else {
      return nil
    }
    bytesPerSecond = Double(count.bytes)
  }
}

/// The checkpoint that a command reads.
struct PathArgument: ParsableArguments {
  @Argument(help: "A .safetensors, .gguf or ncnn .param file, or a Hugging Face folder.")
  var path: String
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
