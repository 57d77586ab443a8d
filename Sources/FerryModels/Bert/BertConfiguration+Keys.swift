extension BertConfiguration {
  /// The treatment of each key of the class in transformers.
  static let keys = ConfigurationKeys(
    read: [
      "add_cross_attention", "hidden_act", "hidden_size", "intermediate_size", "is_decoder",
      "layer_norm_eps", "max_position_embeddings", "num_attention_heads", "num_hidden_layers",
      "position_embedding_type", "type_vocab_size", "vocab_size",
    ],
    withoutEffect: ofOthers
  ).derived(from: .ofEveryClass)

  /// Keys for training, for the heads of other classes, and for the caches, positions and masks of other families.
  private static let ofOthers = [
    "attention_probs_dropout_prob", "classifier_dropout", "head_dim", "hidden_dropout_prob",
    "is_causal", "layer_types", "num_key_value_heads", "rope_parameters", "rope_scaling",
  ]
}
