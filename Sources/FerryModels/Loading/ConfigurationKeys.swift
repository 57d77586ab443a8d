import FerryCheckpoints

/// The treatment of each key of a family's `config.json`. The list contains every key that transformers' class has, or
/// reads from a configuration without having it.
///
/// Transformers does not read keys that are not in the list, so ignoring them gives the reference's result; fine-tuned
/// models contain many (`unsloth_version`, `auto_map`, keys of other classes). `Scripts/fixtures/configurations.py`
/// checks against transformers that the list is complete and that the keys declared to be without effect have none; it
/// also reports keys that a class has gained.
struct ConfigurationKeys: Sendable {
  /// The treatment of a key.
  enum Role: Sendable {
    /// Ferry reads the value, or refuses it.
    case read
    /// The key does not affect the result.
    case withoutEffect
    /// Any value but these changes the computation in a way that is not implemented.
    case only([Value])
  }

  /// A value that a key may have without changing the computation.
  enum Value: Sendable {
    case null
    case bool(Bool)
    /// `{}` or `[]`.
    case empty
    case text(String)
  }

  /// The treatment of each key.
  let roles: [String: Role]

  init(read: [String], withoutEffect: [String], only: [String: [Value]] = [:]) {
    let pairs = read.map { ($0, Role.read) } + withoutEffect.map { ($0, .withoutEffect) }
    roles = Dictionary(pairs + only.map { ($0.key, .only($0.value)) }) { _, _ in
      preconditionFailure("a key is in two lists")
    }
  }

  /// Returns these keys combined with those of a base class; in case of conflict, these take precedence.
  func derived(from base: ConfigurationKeys) -> ConfigurationKeys {
    ConfigurationKeys(roles: base.roles.merging(roles) { $1 })
  }

  private init(roles: [String: Role]) { self.roles = roles }

  /// Throws for the first key whose value changes the computation in a way that is not implemented.
  func check(_ root: JSONValue) throws(ModelError) {
    for member in root.object ?? [] {
      guard case .only(let values)? = roles[member.key] else { continue }
      guard values.contains(where: { $0.matches(member.value) }) else {
        throw ModelError(
          .unsupported,
          "'\(member.key)' of the configuration changes what the model computes, and this value is "
            + "not implemented; run the model with transformers")
      }
    }
  }
}

extension ConfigurationKeys.Value {
  func matches(_ value: JSONValue) -> Bool {
    switch self {
    case .null: value.isNull
    case .bool(let flag): value.bool == flag
    case .empty: value.object?.isEmpty ?? value.array?.isEmpty ?? false
    case .text(let text): value.string == text
    }
  }
}

extension ConfigurationKeys {
  /// The keys of transformers' `PreTrainedConfig`, from which every class derives.
  static let ofEveryClass = ConfigurationKeys(
    read: [
      "architectures", "dtype", "model_type", "quantization_config", "torch_dtype",
      "bos_token_id", "eos_token_id", "pad_token_id", "tie_word_embeddings",
    ],
    withoutEffect: origin + distribution + otherClasses + generation,
    only: [
      // Attention to later tokens as well.
      "is_causal": [.bool(true)],
      // Per-layer sizes, norms and windows, or omitted layers.
      "per_layer_config": [.null, .empty],
      "_heterogeneity_spec": [.null],
      // Other configuration files, renamed keys, and other weights.
      "configuration_files": [.null, .empty], "attribute_map": [.empty],
      "transformers_weights": [.null], "gguf_file": [.null],
      // A nested configuration, which would be read instead.
      "text_config": [.null], "decoder": [.null], "generator": [.null],
    ])

  /// Keys that describe the origin of a configuration and the other files in its folder.
  private static let origin = [
    "_attn_implementation", "_attn_implementation_internal", "_auto_class", "_commit_hash",
    "_experts_implementation", "_experts_implementation_internal", "_name_or_path",
    "_output_attentions", "_post_init_done", "_rope_type_labels", "attn_implementation",
    "base_config_key", "experts_implementation", "extra_config_files", "extra_files",
    "ignore_keys_at_rope_validation", "is_heterogeneous", "name_or_path", "sub_configs",
    "sub_configs_defaults", "transformers_version", "default_rope_type", "default_theta",
    // The checkpoint's own code, which transformers runs only when told to trust it.
    "auto_map",
    // The way in which `per_layer_config` is read and written.
    "allow_global_per_layer_attribute_access", "per_layer_attributes",
    "serialize_explicit_per_layer_config",
  ]

  /// Keys for the distribution of work and for additional outputs.
  private static let distribution = [
    "base_model_ep_plan", "base_model_fsdp_plan", "base_model_pp_plan", "base_model_tp_plan",
    "chunk_size_feed_forward", "gradient_checkpointing", "output_attentions",
    "output_cross_attentions", "output_hidden_states", "return_dict", "use_cache",
    "use_return_dict", "tie_last_hidden_states",
  ]

  /// Keys for heads of other classes, for training, and for parts that only other classes have.
  private static let otherClasses = [
    "id2label", "initializer_range", "label2id", "num_labels", "problem_type",
    "kv_sharing_modes", "mlp_layer_types", "mtp_layer_types", "num_heads", "embed_dim",
    "is_encoder_decoder", "fusion_config", "vision_aspect_ratio", "vision_feature_layer",
    "vision_feature_select_strategy",
  ]

  /// Keys for text generation, which transformers drops when it reads a `config.json`.
  private static let generation = [
    "assistant_confidence_threshold", "assistant_lookbehind", "bad_words_ids",
    "begin_suppress_tokens", "diversity_penalty", "do_sample", "early_stopping",
    "encoder_no_repeat_ngram_size", "encoder_repetition_penalty", "epsilon_cutoff", "eta_cutoff",
    "exponential_decay_length_penalty", "forced_bos_token_id", "forced_eos_token_id",
    "length_penalty", "max_length", "min_length", "no_repeat_ngram_size",
    "num_assistant_tokens", "num_assistant_tokens_schedule", "num_beam_groups", "num_beams",
    "num_return_sequences", "output_scores", "remove_invalid_values", "repetition_penalty",
    "return_dict_in_generate", "suppress_tokens", "target_lookbehind", "temperature", "top_k",
    "top_p", "typical_p",
  ]
}
