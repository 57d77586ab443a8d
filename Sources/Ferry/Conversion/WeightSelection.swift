import FerryCheckpoints
import FerryFormats
import FerryModels

/// Which weights of a checkpoint are quantized.
struct WeightSelection {
  /// The names of the weights to quantize.
  private(set) var names: Set<ExactString>
  /// The names of the weights that are stored as [inputs, outputs] and quantized as [outputs, inputs].
  let transposed: Set<ExactString>
  /// The modules that a loader has to leave plain; nil if they are exactly those that transformers leaves plain by
  /// default.
  private(set) var skippedModules: [String]?

  /// Selects the weights to quantize with `options`: those of the linear layers, or every float matrix of a single
  /// file.
  init(_ source: SourceWeights, _ options: QuantizationOptions) throws {
    try Self.refuseQuantized(source)
    let globs = SkippedNames(options.skippedGlobs)
    try globs.checkMatches(in: source)
    if source.checkpoint.container == .folder || source.checkpoint.container == .gguf {
      try Self.checkFamily(of: source, options)
      self.init(linearLayersOf: source, options, globs)
    } else {
      guard options.includesEverything || source.blueprint != nil else {
        throw Self.unknownFamily(source, "quantize every matrix")
      }
      self.init(matricesOf: source, options, globs)
    }
    guard !names.isEmpty else {
      throw FerryError(
        .badArgument,
        "\(source.checkpoint.path) has no weight to quantize: none of its \(source.weights.count) weights is "
          + "of a linear layer, or --skip keeps them all")
    }
  }

  /// Selects every float matrix of a single file, if everything is included.
  private init(
    matricesOf source: SourceWeights, _ options: QuantizationOptions, _ globs: SkippedNames
  ) {
    let matrices =
      options.includesEverything
      ? source.weights.filter { $0.shape.count == 2 && $0.elementType.isWeightFloat }.map(\.name)
      : source.quantizableLinears
    // bitsandbytes' keys for 8-bit weights exist for modules only.
    let storable = matrices.filter {
      options.format != .int8Rows || $0.hasByteSuffix(".weight")
    }
    names = Set(storable.filter { !globs.match($0) }.map(ExactString.init))
    transposed = []
  }

  /// Selects the weights of a model's linear layers, except heads, tied weights, and weights that match `globs`.
  private init(
    linearLayersOf source: SourceWeights, _ options: QuantizationOptions, _ globs: SkippedNames
  ) {
    let layers = LinearLayers(of: source)
    var chosen: [(name: String, role: LinearLayers.Role)] = []
    var kept: [LinearLayers.Role] = []
    var transposed: Set<ExactString> = []
    for weight in source.weights {
      let role = layers.role(of: weight)
      if role.kind == .other { continue }
      if role.isLinear, weight.elementType.isWeightFloat, !globs.match(weight.name) {
        chosen.append((weight.name, role))
        if role.isTransposed { transposed.insert(ExactString(weight.name)) }
      } else {
        kept.append(role)
      }
    }
    self.transposed = transposed
    let isUsual =
      layers.hasUsualHeads && layers.computedModules.isEmpty
      && kept.allSatisfy { $0.kind == .head(isUsual: true) }
      && chosen.allSatisfy { $0.role.kind == .linear }
    guard !isUsual else {
      names = Set(chosen.map { ExactString($0.name) })
      return
    }
    // A list replaces transformers' defaults, so it must also contain the modules left plain by default.
    var list = ModuleList(layers.usualHeads, kept.flatMap(\.modules).sorted())
    // Other weights that a listed name also matches stay plain too, and are listed under all their names.
    while true {
      let split = chosen.partition { weight in
        weight.role.modules.contains { list.matches($0) || layers.isComputed($0) }
      }
      guard split < chosen.endIndex else { break }
      let names = chosen[split...].flatMap(\.role.modules).sorted()
      list.add(names.filter { !list.matches($0) && !layers.isComputed($0) })
      chosen.removeSubrange(split...)
    }
    names = Set(chosen.map { ExactString($0.name) })
    skippedModules = list.patterns + layers.computedModules
  }

  private static func refuseQuantized(_ source: SourceWeights) throws {
    guard let weight = source.weights.first(where: { $0.format.isQuantized }) else { return }
    throw FerryError(
      .alreadyQuantized,
      "\(source.checkpoint.path) is quantized already ('\(weight.name)' is "
        + "\(weight.format.name)); dequantize it first, or start from the original")
  }

  private static func checkFamily(
    of source: SourceWeights, _ options: QuantizationOptions
  ) throws {
    let layers = LinearLayers(of: source)
    if let unknown = layers.unknownSection {
      throw FerryError(
        .unknownFamily,
        "\(source.checkpoint.path): \(unknown), which Ferry does not know, so that it cannot tell transformers "
          + "which layers stay plain; quantize the model with transformers")
    }
    if let name = layers.rebuiltClass {
      throw FerryError(
        .badArgument,
        "\(source.checkpoint.path) is a \(name), whose experts transformers takes apart when it loads a "
          + "quantized model; quantize it with transformers, or take a model of another class")
    }
    guard !options.includesEverything, source.blueprint == nil else { return }
    throw unknownFamily(source, "quantize all layers that are linear by their names")
  }

  private static func unknownFamily(_ source: SourceWeights, _ what: String) -> FerryError {
    let reason =
      source.obstacle.map { "cannot be run by Ferry (\($0.message))" }
      ?? "is not of a model family that Ferry runs"
    return FerryError(
      .unknownFamily, "\(source.checkpoint.path) \(reason); pass --all to \(what)")
  }
}

extension LinearLayers.Role {
  /// A Boolean value that indicates whether the weight is quantized by default.
  fileprivate var isLinear: Bool { kind == .linear || kind == .unevenLinear }
}
