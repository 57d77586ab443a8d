package import FerryCheckpoints

/// How sentence-transformers makes one vector of a text: which tokens enter, what is taken of their states.
package struct SentenceConvention: Hashable, Sendable {
  /// What is taken of the states.
  package enum Pooling: Hashable, Sendable {
    /// Their mean.
    case mean
    /// That of the first token, `[CLS]`.
    case first
  }

  /// What is taken of the states.
  package var pooling: Pooling
  /// Whether the vector is brought to length 1.
  package var normalizes: Bool
  /// The most tokens of a text, those around it included; nil: what the model takes.
  package var maximumTokens: Int?
  /// Whether letters are made small before the tokenizer sees them.
  package var lowercases: Bool

  package init(
    pooling: Pooling = .mean, normalizes: Bool = false, maximumTokens: Int? = nil,
    lowercases: Bool = false
  ) {
    self.pooling = pooling
    self.normalizes = normalizes
    self.maximumTokens = maximumTokens
    self.lowercases = lowercases
  }

  /// Reads `modules.json` and the files that it names. A folder without it contains an encoder only; like
  /// sentence-transformers, Ferry then uses mean pooling.
  ///
  /// Everything these files ask for is either computed or refused: other modules, another order, a prompt before every
  /// text, truncated vectors, and unknown keys.
  package init(_ checkpoint: Checkpoint) throws {
    self.init()
    let reader = ConventionReader(checkpoint)
    try reader.refuseVariants()
    for (module, place) in zip(try reader.modules(), Self.order) {
      guard module.kind == place else {
        throw reader.unsupported(
          "a module of the kind '\(module.kind)' (modules.json) in this place")
      }
      switch module.kind {
      case "Pooling": pooling = try reader.pooling(module)
      case "Normalize": normalizes = try reader.normalizes(module)
      default: continue
      }
    }
    let settings = try reader.transformer()
    lowercases = try settings.flag("do_lower_case")
    let limits = [
      settings["max_seq_length"],
      try checkpoint.document("tokenizer_config.json")?["model_max_length"],
    ]
    maximumTokens = limits.compactMap { $0?.int }.first { $0 > 0 }
  }

  /// The modules in the only order that is implemented; the last one is optional.
  static let order = ["Transformer", "Pooling", "Normalize"]
}
