/// The keys of a GGUF file's metadata, without the architecture before them, that Ferry knows for Llama and Qwen2.
///
/// Every other key of the architecture is an error: converters write keys for what a model computes.
enum GGUFKeys {
  /// Those whose value is read, or refused.
  static let read: Set = [
    "attention.head_count", "attention.head_count_kv", "attention.key_length",
    "attention.layer_norm_rms_epsilon", "attention.sliding_window", "attention.value_length",
    "block_count", "context_length", "embedding_length", "expert_count", "feed_forward_length",
    "rope.dimension_count", "rope.freq_base", "rope.scale_linear", "rope.scaling.attn_factor",
    "rope.scaling.factor", "rope.scaling.original_context_length", "rope.scaling.type",
    "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow", "vocab_size",
  ]

  /// Those that change nothing: a note on training, how rows once lay, the epsilon of a norm that these
  /// architectures do not have, what is made of states beside logits, and experts where there are none.
  static let withoutEffect: Set = [
    "attention.layer_norm_epsilon", "expert_used_count", "pooling_type", "rope.scaling.finetuned",
    "tensor_data_layout",
  ]

  /// Those of which one value changes nothing.
  static let only = ["attention.causal": true, "use_parallel_residual": false]
}
