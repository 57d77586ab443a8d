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
    /// The names that the module may have in a running model, its stored name among them.
    package let modules: [String]

    fileprivate init(_ kind: Kind, isTransposed: Bool = false, _ modules: [String]) {
      self.kind = kind
      self.isTransposed = isTransposed
      var seen: Set<ExactString> = []
      self.modules = modules.filter { seen.insert(ExactString($0)).inserted }
    }
  }

  private let architecture: Architecture?
  private let sections: ModelSections
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
    sections = ModelSections(of: architecture == nil ? nil : configuration)
  }

  /// Whether what transformers leaves plain by itself is known of all the model's heads.
  package var hasUsualHeads: Bool { architecture != nil && !sections.areWhole }

  /// The modules that transformers leaves plain by itself, stored or not.
  package var usualHeads: [String] {
    guard let architecture else { return ["lm_head"] }
    return sections.areWhole ? sections.usualHeads : architecture.usualHeads(of: className)
  }

  /// The parts of a model made of two whose type is not in the table: `decoder of the type 'x'`.
  package var unknownSection: String? { sections.unknown }

  /// Regular expressions for the modules that loading makes of other tensors, whatever the model is wrapped in.
  package var computedModules: [String] {
    computed.map { pattern in
      let components = pattern.split(separator: ".").map { $0 == "*" ? #"\d+"# : String($0) }
      return #"(?:.*\.)?"# + components.joined(separator: #"\."#)
    }
  }

  /// Whether a module is one of these.
  package func isComputed(_ module: String) -> Bool {
    let pattern = ModulePath(module).pattern
    return computed.contains {
      pattern.hasByteSuffix($0)
        && (pattern.utf8.count == $0.utf8.count || pattern.hasByteSuffix("." + $0))
    }
  }

  /// The class, if transformers takes its experts apart when it loads a quantized model, so that whole ones do not fit.
  package var rebuiltClass: String? {
    if sections.areWhole {
      return sections.architectures.lazy.compactMap(\.rebuiltClasses.first).first
    }
    return className.flatMap { architecture?.rebuiltClasses.contains($0) ?? false ? $0 : nil }
  }

  /// Whether a plain checkpoint may store a matrix of this role as [inputs, outputs] or as [outputs, inputs], and
  /// nobody knows which.
  package func isOrderUnknown(of role: Role) -> Bool {
    guard role.kind == .unknown, source.checkpoint.configuration != nil else { return false }
    return known.contains(where: \.hasTransposedModules)
      || role.modules.contains {
        ArchitectureTable.transposedLeaves.contains(ExactString(ModulePath($0).leaf))
      }
  }

  /// What a weight is.
  package func role(of weight: SourceWeight) -> Role {
    guard weight.shape.count == 2, weight.name.hasByteSuffix(".weight") else {
      return Role(.other, [weight.name])
    }
    let path = ModulePath(String(weight.name.dropLast(".weight".count)))
    guard let architecture else { return roleByName(path, weight) }
    if sections.areWhole {
      return roleInSection(path) ?? roleInPart(path) ?? Role(.unknown, names(of: path))
    }
    if let (module, name) = architecture.module(path) {
      return Role(.init(module.kind), isTransposed: module.isTransposed, [name, path.name])
    }
    return roleInPart(path) ?? Role(.unknown, names(of: path))
  }

  /// The architectures of the model and of the models it is of.
  private var known: [Architecture] { [architecture].compactMap(\.self) + sections.architectures }

  /// The patterns of the modules that loading makes of other tensors.
  private var computed: [String] {
    var seen: Set<String> = []
    return known.flatMap(\.computed).filter { seen.insert($0).inserted }
  }

  /// The names that a module may have in a running model: as it is stored, and as the model's others are renamed.
  private func names(of path: ModulePath) -> [String] {
    let renamed = architecture.flatMap { $0.renamed(path) }
    guard sections.areWhole, let (key, rest, section) = sections.section(of: path) else {
      return [path.name, renamed].compactMap(\.self)
    }
    return [path.name, renamed, section.renamed(rest).map { "\(key).\($0)" }].compactMap(\.self)
  }

  /// The role that a weight has in the whole model that it is a weight of.
  private func roleInSection(_ path: ModulePath) -> Role? {
    guard let (key, rest, section) = sections.section(of: path),
      let (module, name) = section.module(rest)
    else { return nil }
    return Role(
      .init(module.kind), isTransposed: module.isTransposed, ["\(key).\(name)"] + names(of: path))
  }

  /// The role that the end of the name has in the model, or in one of those that it is of; none if they store it
  /// differently.
  private func roleInPart(_ path: ModulePath) -> Role? {
    for tail in sequence(first: path, next: \.tail) where tail.isInList {
      let found = known.compactMap { $0.module(tail)?.module }
      guard let first = found.first else { continue }
      guard found.allSatisfy({ $0.isTransposed == first.isTransposed }) else { return nil }
      // What transformers leaves plain by itself there is not what it leaves plain here.
      let kind = Role.Kind(first.kind)
      return Role(
        kind == .head(isUsual: true) ? .head(isUsual: false) : kind,
        isTransposed: first.isTransposed, names(of: path))
    }
    return nil
  }

  /// Names that are linear layers in all models known, and matrices with a bias a row; no heads, no experts.
  private func roleByName(_ path: ModulePath, _ weight: SourceWeight) -> Role {
    let leaf = ExactString(path.leaf)
    guard path.isInList || !path.namesHead, path.prefix(through: "expert") == nil,
      source[path.sibling("in_proj_weight")] == nil,
      !ArchitectureTable.transposedLeaves.contains(leaf)
    else { return Role(.unknown, [path.prefix(through: "experts") ?? path.name]) }
    let isNamedSo = ArchitectureTable.linearLeaves.contains(leaf)
    let bias = source[path.name + ".bias"]?.shape
    // Where both extents are equal a bias does not tell a Conv1D from a linear layer.
    let hasBiasOfRows = bias == [weight.shape[0]] && weight.shape[0] != weight.shape[1]
    let contradicts = bias != nil && bias != [weight.shape[0]]
    return Role((isNamedSo || hasBiasOfRows) && !contradicts ? .linear : .unknown, [path.name])
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
