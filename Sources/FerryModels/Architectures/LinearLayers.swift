import FerryCheckpoints

/// The weights of a checkpoint that belong to linear layers.
///
/// If the table of transformers' classes covers the model's type, it decides. Otherwise names decide, and only where
/// there is hardly any doubt: a weight that stays plain and whose module is listed always loads, whereas a quantized
/// weight that does not belong to a linear layer never does.
package struct LinearLayers: Sendable {
  /// The role of a weight in its model.
  package struct Role: Sendable {
    package enum Kind: Hashable, Sendable {
      /// The matrix of a linear layer.
      case linear
      /// The matrix of a linear layer that transformers leaves plain in some places unless it is given a list.
      case unevenLinear
      /// The matrix of a head or of a tied layer. `isUsual`: transformers leaves it plain by default.
      case head(isUsual: Bool)
      /// A tensor that does not belong to a linear layer.
      case other
      /// A matrix of unknown purpose.
      case unknown
    }
    package let kind: Kind
    /// A Boolean value that indicates whether plain checkpoints store the matrix as [inputs, outputs] and quantized
    /// ones as [outputs, inputs].
    package let isTransposed: Bool
    /// The names that the module may have in a running model, including its stored name.
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

  /// Finds the linear layers of the model that the weights belong to.
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

  /// A Boolean value that indicates whether the table lists all heads that transformers leaves plain by default.
  package var hasUsualHeads: Bool { architecture != nil && !sections.areWhole }

  /// The modules that transformers leaves plain by default, whether the checkpoint stores them or not.
  package var usualHeads: [String] {
    guard let architecture else { return ["lm_head"] }
    return sections.areWhole ? sections.usualHeads : architecture.usualHeads(of: className)
  }

  /// The part of a two-part model whose type is not in the table, as a phrase for messages: `its decoder is of the type
  /// 'x'`.
  package var unknownSection: String? { sections.unknown }

  /// Regular expressions for the modules that are computed from other tensors at load time, in any wrapper class.
  package var computedModules: [String] {
    computed.map { pattern in
      let components = pattern.split(separator: ".").map { $0 == "*" ? #"\d+"# : String($0) }
      return #"(?:.*\.)?"# + components.joined(separator: #"\."#)
    }
  }

  /// Returns true if a module is computed at load time.
  package func isComputed(_ module: String) -> Bool {
    let pattern = ModulePath(module).pattern
    return computed.contains {
      pattern.hasByteSuffix($0)
        && (pattern.utf8.count == $0.utf8.count || pattern.hasByteSuffix("." + $0))
    }
  }

  /// The model's class, if transformers splits its experts when it loads a quantized model, so that fused ones cannot
  /// be loaded.
  package var rebuiltClass: String? {
    if sections.areWhole {
      return sections.architectures.lazy.compactMap(\.rebuiltClasses.first).first
    }
    return className.flatMap { architecture?.rebuiltClasses.contains($0) ?? false ? $0 : nil }
  }

  /// Returns true if a plain checkpoint may store a matrix of this role either as [inputs, outputs] or as [outputs,
  /// inputs] and the order cannot be determined.
  package func isOrderUnknown(of role: Role) -> Bool {
    guard role.kind == .unknown, source.checkpoint.configuration != nil else { return false }
    return known.contains(where: \.hasTransposedModules)
      || role.modules.contains {
        ArchitectureTable.transposedLeaves.contains(ExactString(ModulePath($0).leaf))
      }
  }

  /// Returns the role of a weight.
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

  /// The architectures of the model and of the models that it contains.
  private var known: [Architecture] { [architecture].compactMap(\.self) + sections.architectures }

  /// The name patterns of the modules that are computed from other tensors at load time.
  private var computed: [String] {
    var seen: Set<String> = []
    return known.flatMap(\.computed).filter { seen.insert($0).inserted }
  }

  /// Returns the names that a module may have in a running model: its stored name, and the name that the model's
  /// renamings give it.
  private func names(of path: ModulePath) -> [String] {
    let renamed = architecture.flatMap { $0.renamed(path) }
    guard sections.areWhole, let (key, rest, section) = sections.section(of: path) else {
      return [path.name, renamed].compactMap(\.self)
    }
    return [path.name, renamed, section.renamed(rest).map { "\(key).\($0)" }].compactMap(\.self)
  }

  /// Returns the role of a weight in the complete model that contains it.
  private func roleInSection(_ path: ModulePath) -> Role? {
    guard let (key, rest, section) = sections.section(of: path),
      let (module, name) = section.module(rest)
    else { return nil }
    return Role(
      .init(module.kind), isTransposed: module.isTransposed, ["\(key).\(name)"] + names(of: path))
  }

  /// Returns the role that the end of the name has in the model or in one of the models that it contains; nil if they
  /// store it differently.
  private func roleInPart(_ path: ModulePath) -> Role? {
    for tail in sequence(first: path, next: \.tail) where tail.isInList {
      let found = known.compactMap { $0.module(tail)?.module }
      guard let first = found.first else { continue }
      guard found.allSatisfy({ $0.isTransposed == first.isTransposed }) else { return nil }
      // A head that transformers leaves plain by default in that model is not left plain by default in this one.
      let kind = Role.Kind(first.kind)
      return Role(
        kind == .head(isUsual: true) ? .head(isUsual: false) : kind,
        isTransposed: first.isTransposed, names(of: path))
    }
    return nil
  }

  /// Returns the role as judged by the name and the bias: linear if the name belongs to linear layers in all known
  /// models, or if the bias has one value per row; otherwise unknown, like heads and experts.
  private func roleByName(_ path: ModulePath, _ weight: SourceWeight) -> Role {
    let leaf = ExactString(path.leaf)
    guard path.isInList || !path.namesHead, path.prefix(through: "expert") == nil,
      source[path.sibling("in_proj_weight")] == nil,
      !ArchitectureTable.transposedLeaves.contains(leaf)
    else { return Role(.unknown, [path.prefix(through: "experts") ?? path.name]) }
    let isNamedSo = ArchitectureTable.linearLeaves.contains(leaf)
    let bias = source[path.name + ".bias"]?.shape
    // For a square matrix, the bias does not distinguish a Conv1D from a linear layer.
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
  /// A Boolean value that indicates whether the name is typical of heads or of modules inside them.
  fileprivate var namesHead: Bool {
    ["head", "classifier", "score", "logits", "output", "predict", "decoder", "embed"].contains {
      prefix(through: $0) != nil
    }
  }

  /// Returns the name of a tensor or module beside this one.
  fileprivate func sibling(_ leaf: String) -> String {
    name.dropLast(self.leaf.count) + leaf
  }
}
