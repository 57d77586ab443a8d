package import FerryCheckpoints

extension LlamaConfiguration {
  /// Reads the metadata of a GGUF file; nil if `general.architecture` is neither "llama" (which
  /// Mistral is too) nor "qwen2".
  ///
  /// `rowCount` gives the first extent of a tensor by its name in the file, or nil; `rotaryFactors` are
  /// the numbers of `rope_freqs.weight`, if the file has it.
  package init?(
    gguf metadata: GGUFMetadata, rotaryFactors: [Float]?, rowCount: (String) -> Int?
  ) throws(ModelError) {
    guard let name = metadata.string("general.architecture"),
      let architecture = GGUFArchitecture(rawValue: name)
    else { return nil }
    let keys = MetadataReader(metadata, prefix: name)
    try keys.refuseUnknown()
    guard try keys.size("expert_count", default: 0, in: 0...1 << 16) == 0 else {
      throw ModelError(
        .unsupported, "mixtures of experts are not implemented (\(name).expert_count)")
    }
    let window = try keys.size("attention.sliding_window", default: 0, in: 0...1 << 30)
    guard window == 0 || architecture == .llama else {
      throw ModelError(.unsupported, "\(name).attention.sliding_window is not implemented")
    }
    let heads = try keys.size("attention.head_count")
    let hidden = try keys.size("embedding_length")
    let headSize = try keys.headSize(default: hidden / heads)
    let layers = try keys.size("block_count", in: 1...Self.largestLayerCount)
    guard let vocabulary = try keys.optionalSize("vocab_size") ?? rowCount("token_embd.weight")
    else { throw ModelError(.missingWeight, "the file has no tensor 'token_embd.weight'") }
    self.init(
      family: architecture.family(window: window), vocabularySize: vocabulary, hiddenSize: hidden,
      intermediateSize: try keys.size("feed_forward_length"), headCount: heads,
      keyValueHeadCount: try keys.size("attention.head_count_kv", default: heads),
      headSize: headSize,
      normEpsilon: Float(try keys.number("attention.layer_norm_rms_epsilon")),
      rotary: try RotaryEmbedding(keys, headSize: headSize, factors: rotaryFactors),
      windows: Array(repeating: window > 0 ? window : nil, count: layers),
      biases: Biases(
        queryKeyValue: rowCount("blk.0.attn_q.bias") != nil,
        attentionOutput: rowCount("blk.0.attn_output.bias") != nil,
        feedForward: rowCount("blk.0.ffn_gate.bias") != nil),
      isTied: rowCount("output.weight") == nil, tokens: SpecialTokens(metadata),
      elementType: nil)
    try check()
  }
}

/// The values of `general.architecture` that are of this kind.
package enum GGUFArchitecture: String, Sendable {
  case llama, qwen2

  /// Whether the converter stored the rows of queries and keys so that rotated pairs are neighbours.
  package var interleavesHeads: Bool { self == .llama }

  fileprivate func family(window: Int) -> LlamaConfiguration.Family {
    switch self {
    case .llama: window > 0 ? .mistral : .llama
    case .qwen2: .qwen2
    }
  }
}

extension LlamaConfiguration.SpecialTokens {
  fileprivate init(_ metadata: GGUFMetadata) {
    let ends = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"]
      .compactMap(metadata.int)
    self.init(
      begin: metadata.int("tokenizer.ggml.bos_token_id"),
      end: ends.count == 2 && ends[0] == ends[1] ? [ends[0]] : ends,
      padding: metadata.int("tokenizer.ggml.padding_token_id"))
  }
}

extension RotaryEmbedding {
  fileprivate init(_ keys: MetadataReader, headSize: Int, factors: [Float]?) throws(ModelError) {
    let rotated = try keys.size("rope.dimension_count", default: headSize)
    guard rotated == headSize else {
      throw ModelError(
        .unsupported,
        "heads rotated in part are not implemented (rope.dimension_count \(rotated) of \(headSize))"
      )
    }
    let positions = try keys.size("context_length")
    // llama.cpp's own default, which its converter relies on when it leaves the key out.
    let theta = try keys.number("rope.freq_base", default: 10_000)
    var scaling = try RotaryScaling(keys, maximumPositions: positions)
    if let factors {
      guard scaling == .none else {
        throw ModelError(.unsupported, "rope_freqs together with rope.scaling is not implemented")
      }
      scaling = .factors(factors)
    }
    self.init(theta: theta, headSize: headSize, maximumPositions: positions, scaling: scaling)
  }
}

extension RotaryScaling {
  fileprivate init(_ keys: MetadataReader, maximumPositions: Int) throws(ModelError) {
    let oldFactor = try keys.number("rope.scale_linear", default: 1)
    let type = try keys.string("rope.scaling.type") ?? (oldFactor == 1 ? "none" : "linear")
    let sharpening = try keys.number("rope.scaling.attn_factor", default: 1)
    guard sharpening == 1 || type == "yarn" else {
      throw ModelError(
        .unsupported, "rope.scaling.attn_factor without YaRN's scaling is not implemented")
    }
    switch type {
    case "none": self = .none
    case "linear":
      self = .linear(factor: try keys.number("rope.scaling.factor", default: oldFactor))
    case "yarn":
      let factor = try keys.number("rope.scaling.factor")
      self = .yarn(
        YarnScaling(
          factor: factor,
          originalPositions: try keys.size(
            "rope.scaling.original_context_length", default: maximumPositions),
          fast: try keys.number("rope.scaling.yarn_beta_fast", default: 32),
          slow: try keys.number("rope.scaling.yarn_beta_slow", default: 1),
          amplitude: sharpening * YarnScaling.sharpness(factor)))
    default:
      throw ModelError(
        .unsupported,
        "the rope scaling '\(type)' of the file is not implemented; none, linear and yarn are")
    }
  }
}
