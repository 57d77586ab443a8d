import FerryCheckpoints

/// Which modules transformers builds linear layers for in models of one type, by their names.
struct Architecture: Sendable {
  /// What a module with a matrix is.
  struct Module: Sendable {
    enum Kind: Sendable {
      /// A linear layer that is quantized. `isUneven`: transformers leaves it plain in some layers or classes
      /// unless it is given a list.
      case linear(isUneven: Bool)
      /// A linear layer that stays plain. `isUsual`: transformers leaves it plain by itself.
      case head(isUsual: Bool)
      /// A matrix of no linear layer: an embedding, the slice of an expert.
      case other
    }
    let kind: Kind
    /// Whether plain checkpoints store the matrix as [inputs, outputs].
    let isTransposed: Bool
  }

  /// The classes that the type's checkpoints name.
  let classes: [String]
  /// What a class may wrap the base model in.
  private let bases: Set<String>
  private var modules: [ExactString: Module] = [:]
  private var renamings: [(stored: String, running: String)] = []
  private var usualHeads: [(name: String, classes: [String])] = []
  private(set) var rebuiltClasses: [String] = []
  /// The patterns of linear layers that are made of other tensors when they are loaded.
  private(set) var computed: [String] = []

  /// Reads the block of a type: its first line, then those below; `other` gives those of a type that it refers to.
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

  /// The heads that transformers leaves plain by itself in a model of this class, or of any.
  func usualHeads(of name: String?) -> [String] {
    let isKnown = name.map(classes.contains) ?? false
    return usualHeads.filter { isKnown ? $0.classes.contains(name ?? "") : true }.map(\.name)
  }

  /// Whether plain checkpoints store some matrices as [inputs, outputs].
  var hasTransposedModules: Bool { modules.values.contains(where: \.isTransposed) }

  /// What a module is called in a running model if it is renamed as others are whose names begin so; nil if there are
  /// none.
  func renamed(_ stored: ModulePath) -> String? {
    let (path, wrapper) = stored.removing(bases)
    let pattern = path.pattern
    let longest = renamings.filter { pattern.replacing(start: $0.stored, with: $0.running) != nil }
      .max { $0.stored.utf8.count < $1.stored.utf8.count }
    return longest.flatMap { pattern.replacing(start: $0.stored, with: $0.running) }
      .map { wrapper + path.filled($0) }
  }

  /// What a module that a checkpoint stores is, and what it is called in a running model; nil if it is not known.
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
  /// The name with other components at its start; nil if it does not start with these. `-` is none.
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
  /// The kind that a line of the table begins with.
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

/// The name of a module by its components: `model.layers.3.mlp`.
struct ModulePath: Sendable {
  private let components: [Substring]

  init(_ name: String) { self.init(name.split(separator: ".", omittingEmptySubsequences: false)) }

  private init(_ components: [Substring]) { self.components = components }

  /// The whole name.
  var name: String { components.joined(separator: ".") }
  /// The last component.
  var leaf: String { components.last.map(String.init) ?? "" }
  /// The name with `*` for every number.
  var pattern: String {
    components.map { $0.isNumber ? "*" : $0 }.joined(separator: ".")
  }
  /// Whether it is one of a list of modules, or within one.
  var isInList: Bool { components.contains(where: \.isNumber) }

  /// The path to the first component that has `text` in its name; nil if there is none.
  func prefix(through text: String) -> String? {
    components.firstIndex { $0.contains(text) }.map {
      components[...$0].joined(separator: ".")
    }
  }

  /// The path without the leading components that are in `names`, and what was removed with its dots.
  func removing(_ names: Set<String>) -> (path: ModulePath, removed: String) {
    let kept = components.dropLast().prefix { names.contains(String($0)) }
    return (
      ModulePath(Array(components[kept.count...])), kept.map { "\($0)." }.joined()
    )
  }

  /// The path without its first component; nil if there is only one.
  var tail: ModulePath? { components.count > 1 ? ModulePath(Array(components.dropFirst())) : nil }

  /// A pattern with the numbers of this path in the place of its `*`.
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
