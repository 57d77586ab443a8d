package import FerryFormats

/// The architecture of a model of the Llama kind: what decides the forward pass beside the weights.
package struct LlamaConfiguration: Hashable, Sendable {
  /// The families of the kind, by Hugging Face's `model_type`.
  package enum Family: String, Sendable, CaseIterable {
    /// SmolLM, Llama 2 and 3.
    case llama
    /// Mistral 7B and its finetunes: attention over a sliding window.
    case mistral
    /// Qwen2 and Qwen2.5: biases on queries, keys and values.
    case qwen2

    /// The name of the class with a language head, as `architectures` lists it.
    package var architecture: String {
      switch self {
      case .llama: "LlamaForCausalLM"
      case .mistral: "MistralForCausalLM"
      case .qwen2: "Qwen2ForCausalLM"
      }
    }
  }

  /// Which linear layers add a bias.
  package struct Biases: Hashable, Sendable {
    package var queryKeyValue = false
    package var attentionOutput = false
    package var feedForward = false

    package init(
      queryKeyValue: Bool = false, attentionOutput: Bool = false, feedForward: Bool = false
    ) {
      self.queryKeyValue = queryKeyValue
      self.attentionOutput = attentionOutput
      self.feedForward = feedForward
    }
  }

  /// Token numbers with a meaning.
  package struct SpecialTokens: Hashable, Sendable {
    /// What begins a text.
    package var begin: Int?
    /// Any of which ends it.
    package var end: [Int] = []
    /// What fills it up.
    package var padding: Int?

    package init(begin: Int? = nil, end: [Int] = [], padding: Int? = nil) {
      self.begin = begin
      self.end = end
      self.padding = padding
    }
  }

  /// The family.
  package var family: Family
  /// Rows of the embedding: how many tokens there are.
  package var vocabularySize: Int
  /// Elements of a token's state.
  package var hiddenSize: Int
  /// Rows of the gate and up projections.
  package var intermediateSize: Int
  /// Query heads.
  package var headCount: Int
  /// Key and value heads; divides `headCount`.
  package var keyValueHeadCount: Int
  /// Elements of a head; even.
  package var headSize: Int
  /// ε of the norms.
  package var normEpsilon: Float
  /// How positions enter.
  package var rotary: RotaryEmbedding
  /// For each layer, how many positions a token sees, its own included; nil: all before it.
  package var windows: [Int?]
  /// Which linear layers have biases.
  package var biases: Biases
  /// Whether the head multiplies by the embedding's rows.
  package var isTied: Bool
  /// Tokens with a meaning.
  package var tokens: SpecialTokens
  /// The type the weights were published in, where the configuration says so.
  package var elementType: ElementType?

  package init(
    family: Family, vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, headCount: Int,
    keyValueHeadCount: Int, headSize: Int, normEpsilon: Float, rotary: RotaryEmbedding,
    windows: [Int?], biases: Biases, isTied: Bool, tokens: SpecialTokens,
    elementType: ElementType?
  ) {
    self.family = family
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headSize = headSize
    self.normEpsilon = normEpsilon
    self.rotary = rotary
    self.windows = windows
    self.biases = biases
    self.isTied = isTied
    self.tokens = tokens
    self.elementType = elementType
  }

  /// How many layers there are.
  package var layerCount: Int { windows.count }
  /// Columns of the queries.
  package var queryWidth: Int { headCount * headSize }
  /// Columns of the keys, and of the values.
  package var keyValueWidth: Int { keyValueHeadCount * headSize }

  /// How many positions a text may have. Only `dynamic` scaling adds to what the configuration says:
  /// the others already count it in.
  package var maximumPositions: Int {
    guard case .dynamic(let factor) = rotary.scaling else { return rotary.maximumPositions }
    return Int(Double(rotary.maximumPositions) * factor)
  }
}

extension LlamaConfiguration {
  /// Throws unless the numbers fit each other.
  func check() throws(ModelError) {
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", hiddenSize),
      ("intermediate_size", intermediateSize), ("num_hidden_layers", layerCount),
      ("num_attention_heads", headCount), ("num_key_value_heads", keyValueHeadCount),
      ("head_dim", headSize), ("max_position_embeddings", rotary.maximumPositions),
    ]
    for (key, value) in sizes {
      guard value > 0, value <= Self.largestSize else {
        throw ModelError(.malformed, "\(key) is \(value), which no model can have")
      }
    }
    guard normEpsilon.isFinite, normEpsilon >= 0 else {
      throw ModelError(
        .malformed, "the epsilon of the norms is \(normEpsilon), which is no number from 0 on")
    }
    guard headCount.isMultiple(of: keyValueHeadCount) else {
      throw ModelError(
        .malformed,
        "num_attention_heads (\(headCount)) is not a multiple of num_key_value_heads "
          + "(\(keyValueHeadCount))")
    }
    guard headSize.isMultiple(of: 2) else {
      throw ModelError(.malformed, "head_dim is \(headSize); rotary embeddings need an even one")
    }
    try rotary.check()
  }

  /// Above what any model has, and low enough that products of two sizes fit an `Int`.
  static let largestSize = 1 << 30
  static let largestLayerCount = 1 << 16
}

extension RotaryEmbedding {
  /// Throws unless the parameters are numbers that frequencies can be computed from.
  func check() throws(ModelError) {
    guard theta.isFinite, theta > 1 else {
      throw ModelError(.malformed, "rope_theta is \(theta), which is no base of a rotation")
    }
    let (factor, isSound) = scaling.soundness(pairs: headSize / 2)
    guard factor.isFinite, factor > 0, isSound else {
      throw ModelError(
        .malformed,
        "the rope scaling \(scaling) has parameters without meaning; correct the configuration")
    }
    if case .dynamic = scaling, headSize == 2 {
      throw ModelError(.malformed, "dynamic rope scaling needs heads of more than two elements")
    }
  }
}

extension RotaryScaling {
  /// The stretch, and whether the other parameters make sense.
  fileprivate func soundness(pairs: Int) -> (factor: Double, isSound: Bool) {
    switch self {
    case .none: (1, true)
    case .linear(let factor): (factor, true)
    case .dynamic(let factor): (factor, factor >= 1 && factor <= 1024)
    case .llama3(let scaling):
      (
        scaling.factor,
        scaling.low > 0 && scaling.high > scaling.low && scaling.originalPositions > 0
      )
    case .yarn(let scaling):
      (scaling.factor, scaling.originalPositions > 0 && scaling.fast > 0 && scaling.slow > 0)
    case .factors(let factors):
      (1, factors.count == pairs && factors.allSatisfy { $0.isFinite && $0 > 0 })
    }
  }
}
