import FerryCheckpoints

/// The layers of a model that use sliding-window attention, as given by `layer_types`, `sliding_window` and related
/// keys.
struct LayerWindows {
  /// The kinds of layers that are implemented.
  enum Kind: String {
    case full = "full_attention"
    case sliding = "sliding_attention"

    /// Creates the kind from its name. Transformers treats `attention`, an older name, as `full_attention`.
    init?(name: String) {
      self.init(rawValue: name == "attention" ? Self.full.rawValue : name)
    }
  }

  /// The number of positions that each layer attends to, including the token's own; nil for all preceding ones.
  let windows: [Int?]
  /// A Boolean value that indicates whether the configuration names the kind of each layer.
  let areNamed: Bool

  /// The kinds that occur in the model.
  var kinds: [Kind] {
    (windows.contains(nil) ? [.full] : []) + (windows.contains { $0 != nil } ? [.sliding] : [])
  }

  /// Reads the configuration as transformers does. If `layer_types` is present, it decides. Otherwise, Mistral uses its
  /// window in every layer, and Qwen2, with `use_sliding_window`, from layer `max_window_layers` on. A null window
  /// means full attention.
  init(_ config: ConfigurationReader, family: LlamaConfiguration.Family) throws(ModelError) {
    let count = try config.size("num_hidden_layers", in: 1...LlamaConfiguration.largestLayerCount)
    let named = try Self.kinds(config, count: count)
    areNamed = named != nil
    let window: Int?
    let kinds: [Kind]
    switch family {
    case .llama:
      window = nil
      kinds = try Self.llama(config, named, count: count)
    case .mistral:
      window = try Self.window(config)
      kinds = named ?? Array(repeating: window == nil ? .full : .sliding, count: count)
    case .qwen2:
      window = try config.flag("use_sliding_window") ? Self.window(config) : nil
      let first = try config.size("max_window_layers", default: 28, in: 0...1 << 30)
      kinds = named ?? (0..<count).map { $0 >= first && window != nil ? .sliding : .full }
    }
    guard window != nil || !kinds.contains(.sliding) else {
      throw ModelError(
        .malformed,
        "layer_types names layers with sliding attention, and the configuration has no window for them "
          + "(sliding_window\(family == .qwen2 ? ", use_sliding_window" : ""))")
    }
    windows = kinds.map { $0 == .sliding ? window : nil }
  }

  private static func window(_ config: ConfigurationReader) throws(ModelError) -> Int? {
    config.isNull("sliding_window") ? nil : try config.size("sliding_window", default: 4096)
  }

  /// Returns the kinds given by `layer_types`, if it is present.
  private static func kinds(_ config: ConfigurationReader, count: Int) throws(ModelError) -> [Kind]?
  {
    guard let value = config["layer_types"] else { return nil }
    guard let names = value.array, names.count == count else {
      throw ModelError(
        .malformed,
        "layer_types is no list of \(count) entries, one for each layer, but has "
          + "\(value.array?.count ?? 0)")
    }
    return try names.map { (name) throws(ModelError) in
      guard let kind = Kind(name: name.string ?? "") else {
        throw ModelError(
          .unsupported,
          "the layer type '\(name.string ?? "")' is not implemented (layer_types); full_attention and "
            + "sliding_attention are")
      }
      return kind
    }
  }

  /// Returns the kinds of a Llama's layers, all of them full attention. Transformers' Llama has no attention windows,
  /// but if the configuration has a window or `layer_types`, its cache drops tokens accordingly, so that the result
  /// depends on how the text is split into steps. Such a model has no single correct result and is refused, unless the
  /// window covers all positions.
  private static func llama(
    _ config: ConfigurationReader, _ named: [Kind]?, count: Int
  ) throws(ModelError) -> [Kind] {
    let positions = try config.size("max_position_embeddings", default: 2048)
    let window = try config["sliding_window"] == nil ? nil : config.size("sliding_window")
    let isCut = named.map { $0.contains(.sliding) } ?? window.map { $0 < positions } ?? false
    guard !isCut else {
      throw ModelError(
        .unsupported,
        "a Llama with sliding windows is not implemented (sliding_window, layer_types), for transformers "
          + "computes it differently with a cache and without; make it a Mistral, which has them")
    }
    return Array(repeating: .full, count: count)
  }
}
