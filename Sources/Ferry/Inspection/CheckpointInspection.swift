import FerryCheckpoints
public import FerryFormats

/// What a checkpoint holds, by its headers alone.
public struct CheckpointInspection: Sendable {
  /// One weight with all its companions.
  public struct Weight: Sendable {
    /// Its name in the file.
    public let name: String
    /// The format: "plain", "nf4", "fp4", "int8", the name of a GGUF block encoding ("q4_k"), or "opaque" for bytes of
    /// a type that the container's specification does not list.
    public let format: String
    /// The element type (before quantization, if the weight is quantized), as spelled in the file but in lowercase:
    /// "bf16", "f8_e4m3". For GGUF blocks, it is "f32".
    public let dtype: String
    /// Its logical extents.
    public let shape: [Int]
    /// The number of elements that share a scale, or of elements in a GGUF block; nil if there are none.
    public let blockSize: Int?
    /// Whether its statistics are quantized too.
    public let isNested: Bool
    /// What it takes in the file, companions included.
    public let byteCount: Int
  }

  /// What the configuration says of quantization.
  public struct Quantization: Sendable {
    /// The library that defines the format: "bitsandbytes", or another library's name ("gptq"), about which Ferry knows
    /// nothing more.
    public let method: String
    /// The number of bits per weight: 4 or 8; for another library, the number given by the configuration, if any.
    public let bits: Int?
    /// "nf4" or "fp4"; nil for 8 bits.
    public let type: String?
    /// A Boolean value that indicates whether the statistics are quantized too; nil for another library's format.
    public let isNested: Bool?
    /// LLM.int8's outlier threshold; nil for 4 bits.
    public let threshold: Float?
    /// Modules kept plain; nil where the configuration lists none.
    public let skippedModules: [String]?
  }

  /// The position of a file among the parts of a split model.
  public struct Split: Sendable {
    /// The number of the part, starting at 1.
    public let part: Int
    /// The number of parts.
    public let count: Int
  }

  /// The path as given.
  public let path: String
  /// The container: "safetensors", "gguf", "ncnn" or "folder".
  public let container: String
  /// The bytes of the weight files.
  public let byteCount: Int
  /// What the configuration says of quantization, if anything.
  public let quantization: Quantization?
  /// The position of this file among the parts of a split model; nil for a whole model.
  public let split: Split?
  /// The weights, in file order.
  public let tensors: [Weight]
}

extension Engine {
  /// Reads a checkpoint's headers: what is in it, without its weights.
  public func inspect(_ path: String) throws -> CheckpointInspection {
    let checkpoint = try Checkpoint(path: path)
    return CheckpointInspection(
      path: path, container: checkpoint.container.rawValue,
      byteCount: checkpoint.files.reduce(0) { $0 + $1.byteCount },
      quantization: checkpoint.quantization.map(CheckpointInspection.Quantization.init)
        ?? checkpoint.foreignQuantization.map(CheckpointInspection.Quantization.init),
      split: checkpoint.metadata?.split.map { .init(part: $0.part, count: $0.count) },
      tensors: checkpoint.weights.map { CheckpointInspection.Weight($0, in: checkpoint) })
  }
}

extension CheckpointInspection.Quantization {
  fileprivate init(_ configuration: QuantizationConfiguration) {
    let isFourBit = configuration.width == .fourBit
    self.init(
      method: "bitsandbytes", bits: isFourBit ? 4 : 8,
      type: isFourBit ? configuration.code.rawValue : nil,
      isNested: isFourBit && configuration.isNested,
      threshold: isFourBit ? nil : configuration.threshold,
      skippedModules: configuration.skippedModules)
  }
}

extension CheckpointInspection.Quantization {
  fileprivate init(_ foreign: ForeignQuantization) {
    self.init(
      method: foreign.method, bits: foreign.bitCount, type: nil, isNested: nil, threshold: nil,
      skippedModules: nil)
  }
}

extension CheckpointInspection.Weight {
  fileprivate init(_ weight: CheckpointWeight, in checkpoint: Checkpoint) {
    let stored = (weight.parts.compactMap(\.self) + weight.companions).map {
      checkpoint.tensors[$0]
    }
    let encoding = stored.first?.encoding ?? .elements(weight.dtype)
    self.init(
      name: weight.name, format: encoding.formatName ?? weight.format.name,
      dtype: weight.format.isQuantized ? weight.dtype.rawValue : encoding.numberTypeName,
      shape: weight.shape, blockSize: encoding.blockSize ?? weight.format.blockSize,
      isNested: weight.format.isNested, byteCount: stored.reduce(0) { $0 + $1.byteCount })
  }
}

extension StoredEncoding {
  /// The name of the format, if the encoding is a format of its own.
  fileprivate var formatName: String? {
    switch self {
    case .elements: nil
    case .ggufBlocks: typeName
    case .opaque(let type) where type.isListed: type.blockSize == nil ? "plain" : typeName
    case .opaque: "opaque"
    }
  }

  /// The name of the element type.
  fileprivate var numberTypeName: String {
    blockSize == nil ? typeName : ElementType.f32.rawValue
  }

  /// The number of elements in a block; nil if the type has no blocks.
  fileprivate var blockSize: Int? {
    switch self {
    case .elements: nil
    case .ggufBlocks: GGUFBlockType.blockSize
    case .opaque(let type): type.blockSize
    }
  }
}

extension WeightFormat {
  /// The name of the format as the command line spells it.
  public var name: String {
    switch self {
    case .plain: "plain"
    case .fourBit(let format): format.code.rawValue
    case .int8Rows: "int8"
    case .dynamic8: "dynamic8"
    case .opaque: "opaque"
    }
  }

  /// How many elements share one absmax; nil where none do, or a whole row does.
  public var blockSize: Int? {
    switch self {
    case .plain, .int8Rows, .opaque: nil
    case .fourBit(let format): format.blockSize
    case .dynamic8(let blockSize): blockSize
    }
  }

  /// Whether statistics are quantized too.
  public var isNested: Bool {
    if case .fourBit(let format) = self { format.isNested } else { false }
  }
}
