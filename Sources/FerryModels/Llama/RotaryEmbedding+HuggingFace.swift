import FerryCheckpoints

extension RotaryEmbedding {
  /// Reads `rope_parameters` (transformers 5), or `rope_scaling` and `rope_theta` (transformers 4). The parameters
  /// apply to all layers, or are given per kind of layer, in which case all kinds that the model has must agree.
  ///
  /// A type or form that is not implemented is an error.
  init(
    _ config: ConfigurationReader, family: LlamaConfiguration.Family, headSize: Int,
    layers: LayerWindows
  ) throws(ModelError) {
    let found = try Self.sections(config, family: family, layers).map {
      (section) throws(ModelError) in
      try RotaryEmbedding(section, config, family: family, headSize: headSize)
    }
    guard let first = found.first, found.allSatisfy({ $0 == first }) else {
      throw ModelError(
        .unsupported,
        "rotations that differ from one kind of layer to another are not implemented (rope_parameters)"
      )
    }
    self = first
  }

  /// Returns the parameters, or those of each kind of layer that the model has.
  private static func sections(
    _ config: ConfigurationReader, family: LlamaConfiguration.Family, _ layers: LayerWindows
  ) throws(ModelError) -> [ConfigurationReader] {
    let parameters = try config.parameters
    guard parameters.members.contains(where: { $0.value.object != nil }) else {
      return [parameters]
    }
    // Transformers' Llama, and Mistral without layer_types, treat the kinds of layers as unknown parameters and use the
    // default theta. Ferry does not imitate that: the configuration cannot have meant it.
    guard family == .qwen2 || family == .mistral && layers.areNamed else {
      throw ModelError(
        .unsupported,
        "rope_parameters by kind of layer are implemented only where layer_types names the kinds, and not for a "
          + "Llama; give one section for all layers")
    }
    for member in parameters.members where LayerWindows.Kind(rawValue: member.key) == nil {
      throw ModelError(
        .unsupported,
        "rope_parameters has '\(member.key)' beside the kinds of layers; full_attention and "
          + "sliding_attention are known")
    }
    return try layers.kinds.map { (kind) throws(ModelError) in
      guard let section = try parameters.section(kind.rawValue) else {
        throw ModelError(
          .unsupported,
          "rope_parameters lacks '\(kind.rawValue)', and layers without rotation are not implemented"
        )
      }
      return section
    }
  }

  private init(
    _ parameters: ConfigurationReader, _ config: ConfigurationReader,
    family: LlamaConfiguration.Family, headSize: Int
  ) throws(ModelError) {
    for place in [parameters, config] {
      guard try place.number("partial_rotary_factor", default: 1) == 1 else {
        throw ModelError(
          .unsupported, "heads rotated in part are not implemented (partial_rotary_factor)")
      }
    }
    let place = parameters.has("rope_theta") ? parameters : config
    try place.refuseNull("rope_theta")
    let positions = try config.size(
      "max_position_embeddings", default: family.defaultMaximumPositions)
    self.init(
      theta: try place.number("rope_theta", default: family.defaultTheta), headSize: headSize,
      maximumPositions: positions,
      scaling: try RotaryScaling(parameters, config, maximumPositions: positions))
  }
}

extension ConfigurationReader {
  /// The section `rope_scaling`, or `rope_parameters` if that is absent, null, false or empty.
  fileprivate var parameters: ConfigurationReader {
    get throws(ModelError) {
      if self["rope_scaling"]?.bool != false, let old = try section("rope_scaling"),
        !old.members.isEmpty
      {
        return old
      }
      return try section("rope_parameters") ?? .empty
    }
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
    let name = parameters.has("rope_type") ? "rope_type" : "type"
    try parameters.refuseNull(name)
    let type = try parameters.text(name, default: "default")
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
      // Here, null means false, not the default.
      truncates: parameters.isNull("truncate")
        ? false : try parameters.flag("truncate", default: true),
      amplitude: try parameters.number("attention_factor", default: amplitude))
  }
}
