/// `llm_int8_skip_modules`: the names of modules that loaders leave plain.
struct ModuleList {
  /// The names as written to the configuration; transformers also interprets them as regular expressions.
  private(set) var patterns: [String] = []
  private var names: [[UInt8]] = []
  private var seen: Set<String> = []

  /// Creates a list of the names in `first`, followed by those in `others` that are not among them.
  init(_ first: [String], _ others: [String]) { add(first + others) }

  /// Adds the names that are not yet on the list.
  mutating func add(_ more: [String]) {
    for name in more where seen.insert(name).inserted {
      patterns.append(Self.escaped(name))
      names.append(Array(name.utf8))
    }
  }

  /// Returns true if transformers would leave a module plain because of the list: if its name ends with a listed name,
  /// or starts with one up to the end of a component. A dot in a listed name matches any character.
  func matches(_ module: String) -> Bool {
    let name = Array(module.utf8)
    return names.contains { listed in
      guard listed.count <= name.count else { return false }
      if name.suffix(listed.count).elementsEqual(listed) { return true }
      let isPrefix = zip(listed, name).allSatisfy { $0 == $1 || $0 == UInt8(ascii: ".") }
      return isPrefix && (listed.count == name.count || name[listed.count] == UInt8(ascii: "."))
    }
  }

  /// Returns a regular expression that matches the name literally; dots may stay as they are.
  private static func escaped(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      if #"\^$*+?{}[]|()"#.contains(character) { text += "\\" }
      text.append(character)
    }
  }
}
