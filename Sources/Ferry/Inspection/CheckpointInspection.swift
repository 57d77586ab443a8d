import FerryCheckpoints
public import FerryFormats

/// What a checkpoint holds, by its headers alone.
public struct CheckpointInspection: Sendable {
  /// One weight with all its companions.
  public struct Weight: Sendable {
    /// Its name in the file.
    public let name: String
    /// "plain", "nf4", "fp4", "int8", or the name of a GGUF block encoding ("q4_1").
    public let format: String
    /// The type of its numbers, before it was quantized if it is: "bf16".
    public let dtype: String
    /// Its logical extents.
    public let shape: [Int]
    /// How many elements share a scale; nil where none do.
    public let blockSize: Int?
    /// Whether its statistics are quantized too.
    public let isNested: Bool
    /// What it takes in the file, companions included.
    public let byteCount: Int
  }

  /// What the configuration says of quantization.
  public struct Quantization: Sendable {
    /// The library whose format it is.
    public let method: String
    /// 4 or 8.
    public let bits: Int
    /// "nf4" or "fp4"; nil for 8 bits.
    public let type: String?
    /// Whether statistics are quantized too.
    public let isNested: Bool
    /// LLM.int8's outlier threshold; nil for 4 bits.
    public let threshold: Float?
    /// Modules kept plain; nil where the configuration lists none.
    public let skippedModules: [String]?
  }

  /// The path as given.
  public let path: String
  /// "safetensors", "gguf" or "folder".
  public let container: String
  /// The bytes of the weight files.
  public let byteCount: Int
  /// What the configuration says of quantization, if anything.
  public let quantization: Quantization?
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
      quantization: checkpoint.quantization.map(CheckpointInspection.Quantization.init),
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

extension CheckpointInspection.Weight {
  fileprivate init(_ weight: CheckpointWeight, in checkpoint: Checkpoint) {
    let stored = (weight.parts.compactMap(\.self) + weight.companions).map {
      checkpoint.tensors[$0]
    }
    let blocks = weight.parts.first.flatMap(\.self).flatMap { checkpoint.tensors[$0].blockType }
    self.init(
      name: weight.name, format: blocks?.rawValue ?? weight.format.name,
      dtype: weight.dtype.rawValue, shape: weight.shape,
      blockSize: blocks == nil ? weight.format.blockSize : GGUFBlockType.blockSize,
      isNested: weight.format.isNested, byteCount: stored.reduce(0) { $0 + $1.byteCount })
  }
}

extension StoredTensor {
  /// The block encoding of a GGUF tensor that has one.
  fileprivate var blockType: GGUFBlockType? {
    if case .ggufBlocks(let type) = encoding { type } else { nil }
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
    }
  }

  /// How many elements share one absmax; nil where none do, or a whole row does.
  public var blockSize: Int? {
    switch self {
    case .plain, .int8Rows: nil
    case .fourBit(let format): format.blockSize
    case .dynamic8(let blockSize): blockSize
    }
  }

  /// Whether statistics are quantized too.
  public var isNested: Bool {
    if case .fourBit(let format) = self { format.isNested } else { false }
  }
}
