import FerryCheckpoints

extension RotaryEmbedding {
  /// What `rope_parameters` (transformers 5), or `rope_scaling` and `rope_theta` (transformers 4), ask
  /// for. A type that is not implemented is an error.
  init(_ config: ConfigurationReader, family: LlamaConfiguration.Family, headSize: Int)
    throws(ModelError)
  {
    let parameters =
      config.section("rope_scaling") ?? config.section("rope_parameters") ?? config.empty
    for place in [parameters, config] {
      guard try place.number("partial_rotary_factor", default: 1) == 1 else {
        throw ModelError(
          .unsupported, "heads rotated in part are not implemented (partial_rotary_factor)")
      }
    }
    let theta = try parameters.number(
      "rope_theta", default: config.number("rope_theta", default: family.defaultTheta))
    let positions = try config.size(
      "max_position_embeddings", default: family.defaultMaximumPositions)
    self.init(
      theta: theta, headSize: headSize, maximumPositions: positions,
      scaling: try RotaryScaling(parameters, config, maximumPositions: positions))
  }
}

extension LlamaConfiguration.Family {
  /// What transformers takes where `rope_theta` is absent: `default_theta` of the class in version 5,
  /// the default argument in version 4. The two agree for these families.
  fileprivate var defaultTheta: Double {
    switch self {
    case .llama, .mistral, .qwen2: 10_000
    }
  }

  fileprivate var defaultMaximumPositions: Int {
    switch self {
    case .llama: 2048
    case .mistral: 131_072
    case .qwen2: 32_768
    }
  }
}

extension RotaryScaling {
  /// Reads the parameters of the type that `rope_type`, or `type`, names.
  fileprivate init(
    _ parameters: ConfigurationReader, _ config: ConfigurationReader, maximumPositions: Int
  ) throws(ModelError) {
    let type = (parameters["rope_type"] ?? parameters["type"])?.string ?? "default"
    let original = try config.size(
      "original_max_position_embeddings",
      default: parameters.size("original_max_position_embeddings", default: maximumPositions))
    switch type {
    case "default": self = .none
    case "linear": self = .linear(factor: try parameters.number("factor"))
    case "dynamic": self = .dynamic(factor: try parameters.number("factor"))
    case "llama3":
      self = .llama3(
        Llama3Scaling(
          factor: try parameters.number("factor"), low: try parameters.number("low_freq_factor"),
          high: try parameters.number("high_freq_factor"), originalPositions: original))
    case "yarn": self = .yarn(try YarnScaling(parameters, originalPositions: original))
    default:
      throw ModelError(
        .unsupported,
        "the rope type '\(type)' is not implemented; default, linear, dynamic, llama3 and yarn are")
    }
  }
}

extension YarnScaling {
  fileprivate init(_ parameters: ConfigurationReader, originalPositions: Int) throws(ModelError) {
    let factor = try parameters.number("factor")
    let scale = try parameters.number("mscale", default: 0)
    let scaleOfAll = try parameters.number("mscale_all_dim", default: 0)
    var amplitude = Self.sharpness(factor)
    if scale != 0 && scaleOfAll != 0 {
      amplitude = Self.sharpness(factor, scale: scale) / Self.sharpness(factor, scale: scaleOfAll)
    }
    self.init(
      factor: factor, originalPositions: originalPositions,
      fast: try parameters.number("beta_fast", default: 32),
      slow: try parameters.number("beta_slow", default: 1),
      truncates: try parameters.flag("truncate", default: true),
      amplitude: try parameters.number("attention_factor", default: amplitude))
  }
}
