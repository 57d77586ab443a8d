package import FerryCheckpoints
import FerryFormats

extension LlamaConfiguration {
  /// Reads a `config.json` in the spelling of transformers 4 or 5; nil if its `model_type` is none of
  /// the families.
  ///
  /// What is left out takes the default of transformers for that `model_type`, as the checkpoint's
  /// maker relied on it: `rope_theta` 10000 in all three, `sliding_window` 4096 for Mistral. The sizes
  /// that decide shapes have no default.
  package init?(huggingFace root: JSONValue) throws(ModelError) {
    guard let family = root["model_type"]?.string.flatMap(Family.init(rawValue:)) else {
      return nil
    }
    let config = ConfigurationReader(root)
    try family.keys.check(root)
    try Self.refuseNull(config, family: family)
    if let names = root["architectures"]?.array?.compactMap(\.string), !names.isEmpty,
      !names.contains(family.architecture)
    {
      throw ModelError(
        .unsupported, "the model is a \(names[0]); Ferry runs \(family.architecture)")
    }
    try Self.checkActivation(config)
    let heads = try config.size("num_attention_heads")
    let hidden = try config.size("hidden_size")
    let headSize = try config.size("head_dim", default: hidden / max(heads, 1))
    let layers = try LayerWindows(config, family: family)
    self.init(
      family: family, vocabularySize: try config.size("vocab_size"), hiddenSize: hidden,
      intermediateSize: try config.size("intermediate_size"), headCount: heads,
      keyValueHeadCount: try Self.keyValueHeads(config, family: family, heads: heads),
      headSize: headSize, normEpsilon: Float(try config.number("rms_norm_eps", default: 1e-6)),
      rotary: try RotaryEmbedding(config, family: family, headSize: headSize, layers: layers),
      windows: layers.windows,
      biases: try Self.biases(config, family: family),
      isTied: try config.flag("tie_word_embeddings"), tokens: try SpecialTokens(config),
      elementType: (config["dtype"] ?? config["torch_dtype"])?.string
        .flatMap(ElementType.init(torchName:)))
    try check()
  }

  /// Throws if one of these keys is null, which transformers does not accept.
  private static func refuseNull(_ config: ConfigurationReader, family: Family) throws(ModelError) {
    try config.refuseNull(
      "hidden_act", "rms_norm_eps", "max_position_embeddings", "tie_word_embeddings")
    switch family {
    case .llama: try config.refuseNull("attention_bias", "mlp_bias")
    case .mistral: break
    case .qwen2: try config.refuseNull("use_sliding_window", "max_window_layers", "head_dim")
    }
  }

  private static func checkActivation(_ config: ConfigurationReader) throws(ModelError) {
    let activation = try config.text("hidden_act", default: "silu")
    guard activation == "silu" || activation == "swish" else {
      throw ModelError(
        .unsupported, "the activation '\(activation)' is not implemented (hidden_act); 'silu' is")
    }
  }

  /// Absent means the default of the class; null means one for each query head.
  private static func keyValueHeads(
    _ config: ConfigurationReader, family: Family, heads: Int
  ) throws(ModelError) -> Int {
    if config.isNull("num_key_value_heads") { return heads }
    switch family {
    case .llama: return try config.size("num_key_value_heads", default: heads)
    case .mistral: return try config.size("num_key_value_heads", default: 8)
    case .qwen2: return try config.size("num_key_value_heads", default: 32)
    }
  }

  private static func biases(_ config: ConfigurationReader, family: Family)
    throws(ModelError) -> Biases
  {
    switch family {
    case .mistral: return Biases()
    case .qwen2: return Biases(queryKeyValue: true)
    case .llama:
      let attention = try config.flag("attention_bias")
      return Biases(
        queryKeyValue: attention, attentionOutput: attention,
        feedForward: try config.flag("mlp_bias"))
    }
  }
}

extension LlamaConfiguration.SpecialTokens {
  fileprivate init(_ config: ConfigurationReader) throws(ModelError) {
    self.init(
      begin: config["bos_token_id"]?.int, end: try config.sizes("eos_token_id"),
      padding: config["pad_token_id"]?.int)
  }
}
