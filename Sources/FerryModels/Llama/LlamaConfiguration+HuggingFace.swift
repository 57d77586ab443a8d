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
    self.init(
      family: family, vocabularySize: try config.size("vocab_size"), hiddenSize: hidden,
      intermediateSize: try config.size("intermediate_size"), headCount: heads,
      keyValueHeadCount: try Self.keyValueHeads(config, family: family, heads: heads),
      headSize: headSize, normEpsilon: Float(try config.number("rms_norm_eps", default: 1e-6)),
      rotary: try RotaryEmbedding(config, family: family, headSize: headSize),
      windows: try Self.windows(config, family: family),
      biases: try Self.biases(config, family: family),
      isTied: try config.flag("tie_word_embeddings"), tokens: try SpecialTokens(config),
      elementType: (config["dtype"] ?? config["torch_dtype"])?.string
        .flatMap(ElementType.init(torchName:)))
    try check()
  }

  private static func checkActivation(_ config: ConfigurationReader) throws(ModelError) {
    let activation = config["hidden_act"]?.string ?? "silu"
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

  /// Mistral: every layer, unless null. Qwen2: only with `use_sliding_window`, and then the layers
  /// that `layer_types` names, or those from `max_window_layers` on. Llama: never.
  private static func windows(_ config: ConfigurationReader, family: Family)
    throws(ModelError) -> [Int?]
  {
    let count = try config.size("num_hidden_layers", in: 1...largestLayerCount)
    let everywhere = [Int?](repeating: nil, count: count)
    if family == .llama || config.isNull("sliding_window") { return everywhere }
    if family == .qwen2, try !config.flag("use_sliding_window") { return everywhere }
    let window = try config.size("sliding_window", default: 4096)
    guard family == .qwen2 else { return [Int?](repeating: window, count: count) }
    if let types = config["layer_types"]?.array?.map({ $0.string ?? "" }) {
      guard types.count == count else {
        throw ModelError(.malformed, "layer_types has \(types.count) entries for \(count) layers")
      }
      return try types.map { (type) throws(ModelError) in try Self.window(window, of: type) }
    }
    let first = try config.size("max_window_layers", default: 28, in: 0...1 << 30)
    return (0..<count).map { $0 >= first ? window : nil }
  }

  private static func window(_ window: Int, of layerType: String) throws(ModelError) -> Int? {
    switch layerType {
    case "sliding_attention": return window
    case "full_attention": return nil
    default:
      throw ModelError(
        .unsupported, "the layer type '\(layerType)' is not implemented (layer_types)")
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
