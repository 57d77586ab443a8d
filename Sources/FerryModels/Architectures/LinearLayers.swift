import FerryCheckpoints

/// Which weights of a checkpoint are those of linear layers.
///
/// By the table of transformers' classes where it has the model's type, else by names, and then only what can
/// hardly be anything else: a weight that stays plain and whose module is listed loads everywhere, one that is
/// quantized and is no linear layer's loads nowhere.
package struct LinearLayers: Sendable {
  /// What a weight is.
  package struct Role: Sendable {
    package enum Kind: Hashable, Sendable {
      /// The matrix of a linear layer.
      case linear
      /// The same, of a layer that transformers leaves plain here and there unless it is given a list.
      case unevenLinear
      /// The matrix of a head or of a tied layer. `isUsual`: transformers leaves it plain by itself.
      case head(isUsual: Bool)
      /// No linear layer's.
      case other
      /// A matrix, and nobody knows what of.
      case unknown
    }
    package let kind: Kind
    /// Whether plain checkpoints store it as [inputs, outputs], and quantized ones as [outputs, inputs].
    package let isTransposed: Bool
    /// The module that it is the weight of, by its name in a running model.
    package let module: String

    /// What a matrix is that nothing is known of.
    fileprivate static func by(_ kind: Kind, _ module: String) -> Role {
      Role(kind: kind, isTransposed: false, module: module)
    }
  }

  private let architecture: Architecture?
  private let parts: [Architecture]
  private let className: String?
  private let source: SourceWeights

  /// The linear layers of the model that the weights are of.
  package init(of source: SourceWeights) {
    let configuration = source.configuration
    self.source = source
    className = configuration?["architectures"]?.array?.first?.string
    let type = configuration?["model_type"]?.string
    architecture =
      type.flatMap { ArchitectureTable.architecture(ofType: $0) }
      ?? className.flatMap { ArchitectureTable.architecture(ofClass: $0) }
    // A model of several may have others in it than the table's.
    let sections = configuration?.object?.compactMap { $0.value["model_type"]?.string } ?? []
    parts =
      architecture == nil
      ? [] : sections.compactMap { ArchitectureTable.architecture(ofType: $0) }
  }

  /// Whether the type of the model is in the table.
  package var isKnown: Bool { architecture != nil }

  /// The modules that transformers leaves plain by itself, stored or not.
  package var usualHeads: [String] { architecture?.usualHeads(of: className) ?? ["lm_head"] }

  /// Regular expressions for the modules that loading makes of other tensors, whatever the model is wrapped in.
  package var computedModules: [String] {
    (architecture?.computed ?? []).map { pattern in
      let components = pattern.split(separator: ".").map { $0 == "*" ? #"\d+"# : String($0) }
      return #"(?:.*\.)?"# + components.joined(separator: #"\."#)
    }
  }

  /// Whether a module is one of these.
  package func isComputed(_ module: String) -> Bool {
    let pattern = ModulePath(module).pattern
    return (architecture?.computed ?? []).contains {
      pattern.hasByteSuffix($0)
        && (pattern.utf8.count == $0.utf8.count || pattern.hasByteSuffix("." + $0))
    }
  }

  /// The class, if transformers takes its experts apart when it loads a quantized model, so that whole ones do not fit.
  package var rebuiltClass: String? {
    className.flatMap { architecture?.rebuiltClasses.contains($0) ?? false ? $0 : nil }
  }

  /// What a weight is.
  package func role(of weight: SourceWeight) -> Role {
    guard weight.shape.count == 2, weight.name.hasByteSuffix(".weight") else {
      return .by(.other, weight.name)
    }
    let path = ModulePath(String(weight.name.dropLast(".weight".count)))
    guard let architecture else { return roleByName(path, weight) }
    if let (module, name) = architecture.module(path) {
      return Role(kind: .init(module.kind), isTransposed: module.isTransposed, module: name)
    }
    return roleInPart(path) ?? .by(.unknown, path.name)
  }

  /// The role that the end of the name has in one of the models that the model is of.
  private func roleInPart(_ path: ModulePath) -> Role? {
    guard !parts.isEmpty else { return nil }
    for tail in sequence(first: path, next: \.tail) where tail.isInList {
      for part in parts {
        guard let (module, _) = part.module(tail), !module.isTransposed else { continue }
        return .by(.init(module.kind), path.name)
      }
    }
    return nil
  }

  /// Names that are linear layers in all models known, and matrices with a bias a row; no heads, no experts.
  private func roleByName(_ path: ModulePath, _ weight: SourceWeight) -> Role {
    guard path.isInList || !path.namesHead, path.prefix(through: "expert") == nil,
      source[path.sibling("in_proj_weight")] == nil
    else { return .by(.unknown, path.prefix(through: "experts") ?? path.name) }
    let isNamedSo = ArchitectureTable.linearLeaves.contains(ExactString(path.leaf))
    let bias = source[path.name + ".bias"]?.shape
    // Where both extents are equal a bias does not tell a Conv1D from a linear layer.
    let hasBiasOfRows = bias == [weight.shape[0]] && weight.shape[0] != weight.shape[1]
    let contradicts = bias != nil && bias != [weight.shape[0]]
    return .by((isNamedSo || hasBiasOfRows) && !contradicts ? .linear : .unknown, path.name)
  }
}

extension LinearLayers.Role.Kind {
  fileprivate init(_ kind: Architecture.Module.Kind) {
    self =
      switch kind {
      case .linear(let isUneven): isUneven ? .unevenLinear : .linear
      case .head(let isUsual): .head(isUsual: isUsual)
      case .other: .other
      }
  }
}

extension ModulePath {
  /// Whether it is called as heads are, and what they have below them.
  fileprivate var namesHead: Bool {
    ["head", "classifier", "score", "logits", "output", "predict", "decoder", "embed"].contains {
      prefix(through: $0) != nil
    }
  }

  /// The name of something beside the module.
  fileprivate func sibling(_ leaf: String) -> String {
    name.dropLast(self.leaf.count) + leaf
  }
}
