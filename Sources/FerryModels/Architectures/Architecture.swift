import FerryCheckpoints

/// The names of the modules for which transformers creates linear layers, for one model type.
struct Architecture: Sendable {
  /// A module that has a matrix.
  struct Module: Sendable {
    enum Kind: Sendable {
      /// A linear layer that is quantized. `isUneven`: in some layers or classes, transformers leaves it plain unless
      /// it is given a list.
      case linear(isUneven: Bool)
      /// A linear layer that stays plain. `isUsual`: transformers leaves it plain by default.
      case head(isUsual: Bool)
      /// A matrix that does not belong to a linear layer: an embedding, one expert's slice.
      case other
    }
    let kind: Kind
    /// A Boolean value that indicates whether plain checkpoints store the matrix as [inputs, outputs].
    let isTransposed: Bool
  }

  /// The class names that checkpoints of this type contain.
  let classes: [String]
  /// The attribute names under which a class may hold the base model.
  private let bases: Set<String>
  private var modules: [ExactString: Module] = [:]
  private var renamings: [(stored: String, running: String)] = []
  private var usualHeads: [(name: String, classes: [String])] = []
  private(set) var rebuiltClasses: [String] = []
  /// The name patterns of linear layers that are computed from other tensors at load time.
  private(set) var computed: [String] = []

  /// Parses the block of a type: its title line and the lines below it; `other` returns the block of another type that
  /// it refers to.
  init(_ lines: [Substring], _ other: (String) -> [Substring]) {
    let title = lines[0].dropFirst(2).split(separator: "|", omittingEmptySubsequences: false)
    bases = Set(title[1].split(separator: " ").map(String.init))
    classes = title[2].split(separator: " ").map(String.init)
    for line in lines.dropFirst() {
      let words = line.split(separator: " ").map(String.init)
      guard words[0] == "&" else {
        read(words)
        continue
      }
      for line in other(words[1]) where !"@t!".contains(line.first ?? "@") {
        read(line.split(separator: " ").map(String.init))
      }
    }
  }

  private mutating func read(_ words: [String]) {
    switch words[0] {
    case "=": renamings.append((words[1], words[2]))
    case "t": usualHeads.append((words[1], Array(words[2...])))
    case "!": rebuiltClasses = Array(words[1...])
    default:
      guard let module = Module(words[0]) else { preconditionFailure("a line of the table") }
      for leaf in words[2...] {
        let name = words[1] == "-" ? leaf : "\(words[1]).\(leaf)"
        modules[ExactString(name)] = module
        if words[0] == "m" { computed.append(name) }
      }
    }
  }

  /// Returns the heads that transformers leaves plain by default in a model of this class, or of any class of the type.
  func usualHeads(of name: String?) -> [String] {
    let isKnown = name.map(classes.contains) ?? false
    return usualHeads.filter { isKnown ? $0.classes.contains(name ?? "") : true }.map(\.name)
  }

  /// A Boolean value that indicates whether plain checkpoints store some matrices as [inputs, outputs].
  var hasTransposedModules: Bool { modules.values.contains(where: \.isTransposed) }

  /// Returns the name of a module in a running model, assuming that it is renamed like the modules whose names start
  /// the same way; nil if no renaming applies.
  func renamed(_ stored: ModulePath) -> String? {
    let (path, wrapper) = stored.removing(bases)
    let pattern = path.pattern
    let longest = renamings.filter { pattern.replacing(start: $0.stored, with: $0.running) != nil }
      .max { $0.stored.utf8.count < $1.stored.utf8.count }
    return longest.flatMap { pattern.replacing(start: $0.stored, with: $0.running) }
      .map { wrapper + path.filled($0) }
  }

  /// Returns a stored module together with its name in a running model; nil if it is not known.
  func module(_ stored: ModulePath) -> (module: Module, runningName: String)? {
    let (path, wrapper) = stored.removing(bases)
    let pattern = path.pattern
    if let module = modules[ExactString(pattern)] { return (module, stored.name) }
    for renaming in renamings {
      guard let running = pattern.replacing(start: renaming.stored, with: renaming.running),
        let module = modules[ExactString(running)]
      else { continue }
      return (module, wrapper + path.filled(running))
    }
    return nil
  }
}

extension String {
  /// Returns the name with its leading components replaced; nil if it does not start with `start`. `-` stands for no
  /// components.
  fileprivate func replacing(start: String, with other: String) -> String? {
    let rest: Substring
    if start == "-" {
      rest = self[...]
    } else {
      guard hasPrefix(start), self == start || dropFirst(start.count).first == "." else {
        return nil
      }
      rest = dropFirst(start.count + 1)
    }
    return [other == "-" ? "" : other, String(rest)].filter { !$0.isEmpty }.joined(separator: ".")
  }
}

extension Architecture.Module {
  /// Creates the kind from the first word of a line of the table.
  fileprivate init?(_ word: String) {
    isTransposed = word.hasSuffix("c")
    switch word.first {
    case "q": kind = .linear(isUneven: false)
    case "x": kind = .linear(isUneven: true)
    case "h", "m": kind = .head(isUsual: false)
    case "d": kind = .head(isUsual: true)
    case "o": kind = .other
    default: return nil
    }
  }
}

/// The name of a module, split into its components: `model.layers.3.mlp`.
struct ModulePath: Sendable {
  private let components: [Substring]

  init(_ name: String) { self.init(name.split(separator: ".", omittingEmptySubsequences: false)) }

  private init(_ components: [Substring]) { self.components = components }

  /// The whole name.
  var name: String { components.joined(separator: ".") }
  /// The last component.
  var leaf: String { components.last.map(String.init) ?? "" }
  /// The name with every number replaced by `*`.
  var pattern: String {
    components.map { $0.isNumber ? "*" : $0 }.joined(separator: ".")
  }
  /// A Boolean value that indicates whether the module is in a numbered list of modules, or inside such a module.
  var isInList: Bool { components.contains(where: \.isNumber) }

  /// Returns the path up to and including the first component whose name contains `text`; nil if there is none.
  func prefix(through text: String) -> String? {
    components.firstIndex { $0.contains(text) }.map {
      components[...$0].joined(separator: ".")
    }
  }

  /// Returns the path without the leading components that are in `names`, and the removed prefix including its dots.
  func removing(_ names: Set<String>) -> (path: ModulePath, removed: String) {
    let kept = components.dropLast().prefix { names.contains(String($0)) }
    return (
      ModulePath(Array(components[kept.count...])), kept.map { "\($0)." }.joined()
    )
  }

  /// The path without its first component; nil if there is only one component.
  var tail: ModulePath? { components.count > 1 ? ModulePath(Array(components.dropFirst())) : nil }

  /// Returns a pattern with each `*` replaced by the corresponding number of this path.
  func filled(_ pattern: String) -> String {
    var numbers = components.filter(\.isNumber)[...]
    return pattern.split(separator: ".").map { part in
      part == "*" ? numbers.popFirst() ?? part : part
    }.joined(separator: ".")
  }
}

extension Substring {
  fileprivate var isNumber: Bool {
    !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
