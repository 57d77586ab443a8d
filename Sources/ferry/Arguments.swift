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

/// A size in bytes: "5GB", "200MB", "1GiB", "4096".
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  init(bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    let units = [
      "": 1.0, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KIB": 1024, "MIB": 1_048_576,
      "GIB": 1_073_741_824,
    ]
    let unit = argument.dropFirst(digits.count).uppercased()
    guard let number = Double(digits), let scale = units[unit] else { return nil }
    guard number * scale >= 1, number * scale < 9e18 else { return nil }
    bytes = Int(number * scale)
  }

  var defaultValueDescription: String { bytes.spelledAsBytes }
}

/// The checkpoint that a command reads.
struct PathArgument: ParsableArguments {
  @Argument(help: "A .safetensors file, a .gguf file, or a Hugging Face folder.")
  var path: String
}
