import FerryCheckpoints

/// Which layers of a model see a window only: what `layer_types`, `sliding_window` and their companions say.
struct LayerWindows {
  /// The kinds of layers that are implemented.
  enum Kind: String {
    case full = "full_attention"
    case sliding = "sliding_attention"

    /// Transformers reads `attention`, an older name, as `full_attention`.
    init?(name: String) {
      self.init(rawValue: name == "attention" ? Self.full.rawValue : name)
    }
  }

  /// For each layer, how many positions a token sees, its own included; nil: all before it.
  let windows: [Int?]
  /// Whether the configuration names the kind of each layer.
  let areNamed: Bool

  /// The kinds that occur.
  var kinds: [Kind] {
    (windows.contains(nil) ? [.full] : []) + (windows.contains { $0 != nil } ? [.sliding] : [])
  }

  /// Reads the configuration as transformers does. `layer_types`, if it is there, decides; else Mistral has its
  /// window everywhere, and Qwen2, with `use_sliding_window`, from `max_window_layers` on. A null window is none.
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

  /// What `layer_types` says, if it is there.
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

  /// Transformers' Llama has no windows: it attends to everything, but through a cache that forgets what a
  /// window or `layer_types` in the configuration leaves out, so that the result depends on how a text is
  /// cut into steps. There is no one right result for such a model, unless no text is longer.
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
