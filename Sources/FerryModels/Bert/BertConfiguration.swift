package import FerryCheckpoints
package import FerryFormats

/// The architecture of a BERT encoder: what decides the forward pass beside the weights.
package struct BertConfiguration: Hashable, Sendable {
  /// Hugging Face's `model_type`.
  package static let modelType = "bert"

  /// Rows of the word embedding: how many tokens there are.
  package var vocabularySize: Int
  /// Elements of a token's state.
  package var hiddenSize: Int
  /// Rows of the first projection of a feed-forward block.
  package var intermediateSize: Int
  /// How many layers there are.
  package var layerCount: Int
  /// Heads of an attention; divides `hiddenSize`.
  package var headCount: Int
  /// Rows of the position embedding: how many tokens a text may have.
  package var maximumPositions: Int
  /// Rows of the token type embedding.
  package var typeCount: Int
  /// ε of the norms.
  package var normEpsilon: Float
  /// The type the weights were published in, where the configuration says so.
  package var elementType: ElementType?

  /// Elements of a head.
  package var headSize: Int { hiddenSize / headCount }

  /// Reads a `config.json`; nil if its `model_type` is another.
  ///
  /// What is left out takes the default of transformers, but sizes that decide shapes have none.
  package init?(huggingFace root: JSONValue) throws(ModelError) {
    guard root["model_type"]?.string == Self.modelType else { return nil }
    let config = ConfigurationReader(root)
    try Self.keys.check(root)
    try config.refuseNull(
      "hidden_act", "layer_norm_eps", "max_position_embeddings", "type_vocab_size", "is_decoder",
      "add_cross_attention")
    try Self.refuseVariants(config)
    vocabularySize = try config.size("vocab_size")
    hiddenSize = try config.size("hidden_size")
    intermediateSize = try config.size("intermediate_size")
    layerCount = try config.size("num_hidden_layers", in: 1...LlamaConfiguration.largestLayerCount)
    headCount = try config.size("num_attention_heads")
    maximumPositions = try config.size("max_position_embeddings", default: 512)
    typeCount = try config.size("type_vocab_size", default: 2)
    normEpsilon = Float(try config.number("layer_norm_eps", default: 1e-12))
    elementType = (config["dtype"] ?? config["torch_dtype"])?.string
      .flatMap(ElementType.init(torchName:))
    guard hiddenSize.isMultiple(of: headCount), normEpsilon >= 0 else {
      throw ModelError(
        .malformed,
        "hidden_size (\(hiddenSize)) is not a multiple of num_attention_heads (\(headCount)), or "
          + "layer_norm_eps (\(normEpsilon)) is below 0")
    }
  }

  private static func refuseVariants(_ config: ConfigurationReader) throws(ModelError) {
    let activation = try config.text("hidden_act", default: "gelu")
    guard activation == "gelu" else {
      throw ModelError(
        .unsupported, "the activation '\(activation)' is not implemented (hidden_act); 'gelu' is")
    }
    let positions = try config.text("position_embedding_type", default: "absolute")
    guard positions == "absolute" else {
      throw ModelError(
        .unsupported,
        "positions of the kind '\(positions)' are not implemented (position_embedding_type)")
    }
    guard try !config.flag("is_decoder"), try !config.flag("add_cross_attention") else {
      throw ModelError(.unsupported, "a BERT that decodes is not implemented (is_decoder)")
    }
  }
}
