/// The keys of a GGUF file's metadata, without the architecture prefix, that Ferry knows for Llama and Qwen2.
///
/// Every other key of the architecture is an error, because converters write keys that describe what a model computes.
enum GGUFKeys {
  /// The keys whose value is read, or refused.
  static let read: Set = [
    "attention.head_count", "attention.head_count_kv", "attention.key_length",
    "attention.layer_norm_rms_epsilon", "attention.sliding_window", "attention.value_length",
    "block_count", "context_length", "embedding_length", "expert_count", "feed_forward_length",
    "rope.dimension_count", "rope.freq_base", "rope.scale_linear", "rope.scaling.attn_factor",
    "rope.scaling.factor", "rope.scaling.original_context_length", "rope.scaling.type",
    "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow", "vocab_size",
  ]

  /// The keys without effect: notes on training, the former order of rows, the epsilon of a norm that these
  /// architectures do not have, outputs other than logits, and experts when there are none.
  static let withoutEffect: Set = [
    "attention.layer_norm_epsilon", "expert_used_count", "pooling_type", "rope.scaling.finetuned",
    "tensor_data_layout",
  ]

  /// The keys that have no effect if they have this value.
  static let only = ["attention.causal": true, "use_parallel_residual": false]
}
