extension LlamaConfiguration.Family {
  /// The treatment of each key of the family's class in transformers.
  var keys: ConfigurationKeys {
    switch self {
    case .llama: Self.llamaKeys
    case .mistral: Self.mistralKeys
    case .qwen2: Self.qwen2Keys
    }
  }

  private static let llamaKeys = ConfigurationKeys(
    read: sharedKeys + ["attention_bias", "mlp_bias"],
    // `pretraining_tp` once split matrix products into parts, with the same result.
    withoutEffect: ["attention_dropout", "pretraining_tp"], only: sharedLimits
  ).derived(from: .ofEveryClass)

  private static let mistralKeys = ConfigurationKeys(
    read: sharedKeys, withoutEffect: ["attention_dropout"], only: sharedLimits
  ).derived(from: .ofEveryClass)

  private static let qwen2Keys = ConfigurationKeys(
    read: sharedKeys + ["max_window_layers", "use_sliding_window"],
    withoutEffect: ["attention_dropout"], only: sharedLimits
  ).derived(from: .ofEveryClass)

  private static let sharedKeys = [
    "head_dim", "hidden_act", "hidden_size", "intermediate_size", "layer_types",
    "max_position_embeddings", "num_attention_heads", "num_hidden_layers", "num_key_value_heads",
    "original_max_position_embeddings", "partial_rotary_factor", "rms_norm_eps",
    "rope_parameters", "rope_scaling", "rope_theta", "sliding_window", "vocab_size",
  ]

  /// Limits a cache to one chunk of tokens.
  private static let sharedLimits: [String: [ConfigurationKeys.Value]] = [
    "attention_chunk_size": [.null]
  ]
}

extension RotaryEmbedding {
  /// The keys of `rope_parameters` and of `rope_scaling`. Keys that only other types use have no effect. The same holds
  /// for unknown keys, unless their value is a section, as in a configuration with one section per kind of layer.
  static let keys = ConfigurationKeys(
    read: [
      "attention_factor", "beta_fast", "beta_slow", "factor", "high_freq_factor", "low_freq_factor",
      "mscale", "mscale_all_dim", "original_max_position_embeddings", "partial_rotary_factor",
      "rope_theta", "rope_type", "truncate", "type",
    ],
    withoutEffect: ["long_factor", "mrope_section", "short_factor"])
}
