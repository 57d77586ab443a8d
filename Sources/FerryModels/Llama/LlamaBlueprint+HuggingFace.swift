package import FerryCheckpoints
import FerryFormats

extension LlamaBlueprint {
  /// `config.json` in the spelling that transformers 4 and 5 both read.
  package func huggingFaceConfiguration() throws(ModelError) -> JSONValue {
    let c = configuration
    try checkBiases()
    var members: [JSONValue.Member] = [
      .init("architectures", .array([.string(c.family.architecture)])),
      .init("model_type", .string(c.family.rawValue)),
      .init("vocab_size", .whole(c.vocabularySize)),
      .init("hidden_size", .whole(c.hiddenSize)),
      .init("intermediate_size", .whole(c.intermediateSize)),
      .init("num_hidden_layers", .whole(c.layerCount)),
      .init("num_attention_heads", .whole(c.headCount)),
      .init("num_key_value_heads", .whole(c.keyValueHeadCount)),
      .init("head_dim", .whole(c.headSize)),
      .init("hidden_act", .string("silu")),
      .init("max_position_embeddings", .whole(c.rotary.maximumPositions)),
      .init("rms_norm_eps", .real(Double(c.normEpsilon.description) ?? 1e-6)),
      .init("rope_theta", .real(c.rotary.theta)),
      .init("rope_scaling", try c.rotary.scalingParameters()),
      .init("tie_word_embeddings", .bool(c.isTied)),
    ]
    members += familyMembers + tokenMembers
    members.append(.init("torch_dtype", .string(c.elementType?.torchName ?? "float32")))
    return .object(members)
  }

  /// `generation_config.json`: the special tokens.
  package var generationConfiguration: JSONValue { .object(tokenMembers) }

  private func checkBiases() throws(ModelError) {
    let (family, biases) = (configuration.family, configuration.biases)
    let isKnown =
      switch family {
      case .llama: biases.queryKeyValue == biases.attentionOutput
      case .mistral: biases == .init()
      case .qwen2: biases == .init(queryKeyValue: true)
      }
    guard isKnown else {
      throw ModelError(
        .unsupported,
        "no \(family.architecture) of Hugging Face has biases where this model has them")
    }
  }

  private var familyMembers: [JSONValue.Member] {
    let c = configuration
    switch c.family {
    case .llama:
      return [
        .init("attention_bias", .bool(c.biases.queryKeyValue)),
        .init("mlp_bias", .bool(c.biases.feedForward)),
      ]
    case .mistral: return windowMembers
    case .qwen2:
      return [.init("use_sliding_window", .bool(c.windows.contains { $0 != nil }))] + windowMembers
    }
  }

  /// The members for the window and, if only some layers use it, for the kinds of layers.
  private var windowMembers: [JSONValue.Member] {
    let windows = configuration.windows
    let window = windows.compactMap(\.self).first
    let types = windows.map { JSONValue.string($0 == nil ? "full_attention" : "sliding_attention") }
    return [.init("sliding_window", window.map(JSONValue.whole) ?? .null)]
      + (Set(windows).count > 1 ? [.init("layer_types", .array(types))] : [])
  }

  private var tokenMembers: [JSONValue.Member] {
    let tokens = configuration.tokens
    let end: JSONValue =
      tokens.end.count == 1 ? .whole(tokens.end[0]) : .array(tokens.end.map(JSONValue.whole))
    return [
      .init("bos_token_id", tokens.begin.map(JSONValue.whole) ?? .null),
      .init("eos_token_id", tokens.end.isEmpty ? .null : end),
      .init("pad_token_id", tokens.padding.map(JSONValue.whole) ?? .null),
    ]
  }
}

extension RotaryEmbedding {
  /// `rope_scaling`, or null for none. Frequencies with factors of their own are Llama 3's scaling as
  /// GGUF files store it; its parameters are found again.
  fileprivate func scalingParameters() throws(ModelError) -> JSONValue {
    switch scaling {
    case .none: return .null
    case .linear(let factor): return .scaling("linear", [.init("factor", .real(factor))])
    case .dynamic(let factor): return .scaling("dynamic", [.init("factor", .real(factor))])
    case .llama3(let scaling): return scaling.parameters
    case .yarn(let scaling): return scaling.parameters
    case .factors(let factors):
      guard let scaling = Llama3Scaling(reproducing: factors, of: self) else {
        throw ModelError(
          .unsupported,
          "the file's rope_freqs are not Llama 3's scaling, so that no config.json says what they do"
        )
      }
      return scaling.parameters
    }
  }
}

extension Llama3Scaling {
  fileprivate var parameters: JSONValue {
    .scaling(
      "llama3",
      [
        .init("factor", .real(factor)), .init("low_freq_factor", .real(low)),
        .init("high_freq_factor", .real(high)),
        .init("original_max_position_embeddings", .whole(originalPositions)),
      ])
  }
}

extension YarnScaling {
  fileprivate var parameters: JSONValue {
    .scaling(
      "yarn",
      [
        .init("factor", .real(factor)),
        .init("original_max_position_embeddings", .whole(originalPositions)),
        .init("beta_fast", .real(fast)), .init("beta_slow", .real(slow)),
        .init("truncate", .bool(truncates)), .init("attention_factor", .real(amplitude)),
      ])
  }
}

extension JSONValue {
  fileprivate static func whole(_ value: Int) -> JSONValue { .number(String(value)) }

  /// The shortest decimal that reads back as the same number.
  fileprivate static func real(_ value: Double) -> JSONValue { .number("\(value)") }

  /// The type under both its names, and its parameters.
  fileprivate static func scaling(_ type: String, _ members: [Member]) -> JSONValue {
    .object([Member("rope_type", .string(type)), Member("type", .string(type))] + members)
  }
}
