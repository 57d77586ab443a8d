import FerryCheckpoints
import FerryFormats

/// What a checkpoint is a model of, if a known family: the one list of families.
struct ModelFamily {
  /// The model.
  let blueprint: any ModelBlueprint
  /// How its container calls the weights; nil where it calls them as the model does.
  let storedNames: (any StoredNames)?

  /// Recognises the family by `config.json`, by GGUF metadata, or without either by the names of the weights;
  /// nil for an unknown one, an error for a known one with something that is not implemented.
  init?(_ checkpoint: Checkpoint) throws {
    if let metadata = checkpoint.metadata {
      guard let family = try Self.llama(checkpoint, metadata) else { return nil }
      self = family
    } else if let configuration = try RealESRGANConfiguration(checkpoint) {
      blueprint = RealESRGANBlueprint(configuration)
      storedNames = try checkpoint.network.map { try RealESRGANGraph($0, checkpoint) }
    } else {
      guard let root = checkpoint.configuration, let blueprint = try Self.blueprint(root) else {
        return nil
      }
      self.blueprint = blueprint
      storedNames = nil
    }
  }

  /// The values of `model_type` that are known.
  static let names =
    LlamaConfiguration.Family.allCases.map(\.rawValue) + [BertConfiguration.modelType]

  private static func blueprint(_ root: JSONValue) throws -> (any ModelBlueprint)? {
    if let configuration = try LlamaConfiguration(huggingFace: root) {
      return LlamaBlueprint(configuration)
    }
    return try BertConfiguration(huggingFace: root).map { BertBlueprint($0) }
  }

  private init(_ configuration: LlamaConfiguration, _ names: GGUFNames) {
    blueprint = LlamaBlueprint(configuration)
    storedNames = names
  }

  private static func llama(_ checkpoint: Checkpoint, _ metadata: GGUFMetadata) throws
    -> ModelFamily?
  {
    let tensors = Dictionary(
      checkpoint.tensors.map { (ExactString($0.name), $0) }, uniquingKeysWith: { $1 })
    let factors = try tensors[ExactString(GGUFNames.rotaryFactors)].map {
      try floats(of: $0, checkpoint)
    }
    let configuration = try LlamaConfiguration(gguf: metadata, rotaryFactors: factors) { name in
      tensors[ExactString(name)].map { $0.shape.first ?? 1 }
    }
    guard let configuration, let name = metadata.string("general.architecture"),
      let architecture = GGUFArchitecture(rawValue: name)
    else { return nil }
    return ModelFamily(
      configuration,
      GGUFNames(
        architecture: architecture, headCount: configuration.headCount,
        keyValueHeadCount: configuration.keyValueHeadCount))
  }

  private static func floats(of tensor: StoredTensor, _ checkpoint: Checkpoint) throws -> [Float] {
    guard tensor.encoding == .elements(.f32), tensor.byteCount <= 1 << 16 else {
      throw ModelError(.wrongShape, "'\(tensor.name)' is not a list of f32 frequencies")
    }
    var values = [Float](repeating: 0, count: tensor.byteCount / 4)
    try values.withUnsafeMutableBytes { try checkpoint.read(tensor, into: $0) }
    return values
  }
}
