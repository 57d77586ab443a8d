/// `llm_int8_skip_modules`: the names of modules that loaders leave plain.
struct ModuleList {
  /// What is written: names, which transformers takes for regular expressions as well.
  private(set) var patterns: [String] = []
  private var names: [[UInt8]] = []
  private var seen: Set<String> = []

  /// The names of `first`, then those of `others` that are not among them.
  init(_ first: [String], _ others: [String]) { add(first + others) }

  /// Adds names that are not on the list.
  mutating func add(_ more: [String]) {
    for name in more where seen.insert(name).inserted {
      patterns.append(Self.escaped(name))
      names.append(Array(name.utf8))
    }
  }

  /// Whether transformers would leave a module plain because of the list: if its name ends as a listed one, or begins
  /// so up to the end of a component, where a dot of a listed name stands for any character.
  func matches(_ module: String) -> Bool {
    let name = Array(module.utf8)
    return names.contains { listed in
      guard listed.count <= name.count else { return false }
      if name.suffix(listed.count).elementsEqual(listed) { return true }
      let isPrefix = zip(listed, name).allSatisfy { $0 == $1 || $0 == UInt8(ascii: ".") }
      return isPrefix && (listed.count == name.count || name[listed.count] == UInt8(ascii: "."))
    }
  }

  /// A name whose characters stand for themselves; dots may stay as they are.
  private static func escaped(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      if #"\^$*+?{}[]|()"#.contains(character) { text += "\\" }
      text.append(character)
    }
  }
}
